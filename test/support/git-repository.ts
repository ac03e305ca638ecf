// Real git repositories in temporary folders, for tests that commit to them.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files by their path; null deletes one. */
export type FileEdits = Record<string, string | Uint8Array | null>;

export interface CommitOptions {
  author?: string;
  /** Seconds since 1970. */
  at?: number;
}

/** A work tree of its own, which is deleted when it is disposed of. */
export class GitRepository implements AsyncDisposable {
  readonly folder: string;
  #commits = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create({ branch = 'main', objectFormat = 'sha1' } = {}): Promise<GitRepository> {
    const repository = new GitRepository(await temporaryFolder('halyard-repository-'));
    await repository.git('init', '--quiet', `--initial-branch=${branch}`, `--object-format=${objectFormat}`);
    return repository;
  }

  /** Runs git in the work tree and returns what it prints, trimmed. */
  async git(...args: string[]): Promise<string> {
    const { stdout } = await run('git', args, this.#options());
    return stdout.trim();
  }

  /** Runs git with bytes on its standard input. */
  async pipe(args: string[], input: Uint8Array): Promise<void> {
    const work = run('git', args, { cwd: this.folder, env: gitEnvironment(1_700_000_000) });
    work.child.stdin?.end(input);
    await work;
  }

  /**
   * Edits files and commits all of the work tree. Returns the commit's id. One program does it all, since to start one is what
   * costs most of it: so large a process as that of the tests takes milliseconds to fork.
   */
  async commit(subject: string, edits: FileEdits = {}, options: CommitOptions = {}): Promise<string> {
    for (const [path, content] of Object.entries(edits)) await this.edit(path, content);
    this.#commits += 1;
    const author = options.author ? [`--author=${options.author}`] : [];
    const at = options.at === undefined ? [] : [`--date=${options.at} +0000`];
    const args = ['--quiet', '--allow-empty', '--no-verify', '-m', subject, ...author, ...at];
    await run('sh', ['-c', 'git add --all && exec git commit "$@"', 'sh', ...args], this.#options());
    return this.head();
  }

  #options() {
    return { cwd: this.folder, env: gitEnvironment(1_700_000_000 + this.#commits), maxBuffer: 1 << 28 };
  }

  async edit(path: string, content: string | Uint8Array | null): Promise<void> {
    const file = join(this.folder, path);
    if (content === null) return rm(file, { recursive: true });
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Read without git where it stands in a file of its own, since tests ask for it after each commit. */
  async head(): Promise<string> {
    const head = (await readFile(join(this.folder, '.git/HEAD'), 'utf8')).trim();
    if (!head.startsWith('ref: ')) return head;
    const file = join(this.folder, '.git', head.slice('ref: '.length));
    const id = await readFile(file, 'utf8').catch(() => undefined);
    return id?.trim() ?? this.git('rev-parse', 'HEAD');
  }

  /** Takes the repository away for the time of `work`, as if its disk were gone. */
  async away<T>(work: () => Promise<T>): Promise<T> {
    const aside = `${this.folder}.away`;
    await rename(this.folder, aside);
    try {
      return await work();
    } finally {
      await rename(aside, this.folder);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A new empty folder that the caller removes. */
export async function temporaryFolder(prefix: string): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), prefix)));
}

function gitEnvironment(seconds: number): NodeJS.ProcessEnv {
  const date = `${seconds} +0000`;
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    // A commit would start another git for it each time.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'maintenance.auto',
    GIT_CONFIG_VALUE_0: 'false',
    GIT_AUTHOR_NAME: 'Ada Author',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Cole Committer',
    GIT_COMMITTER_EMAIL: 'cole@example.com',
    GIT_COMMITTER_DATE: date,
  };
}
