// Where a page's steps are done: a folder of its own, a shell, git, psql, and `halyard` with a clock that stands still.
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../git-repository.ts';
import { MAIN } from '../main-file.ts';

const root = join(import.meta.dirname, '../../..');
/** What the clock says while a page's commands run, so that no date of a page ever passes. */
export const PAGE_TIME = '2026-11-23T09:00:00Z';

/** A folder `work`, empty at first, that is deleted with all around it when it is disposed of. */
export class Workshop implements AsyncDisposable {
  readonly #folder: string;
  readonly #surroundings: NodeJS.ProcessEnv;
  /** Where the reader is by now: in `work` at first, until a command goes elsewhere. */
  #place: string;

  private constructor(folder: string, surroundings: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#surroundings = surroundings;
    this.#place = join(folder, 'work');
  }

  /** @param surroundings variables that the commands see besides, or, where undefined, do not see */
  static async create(surroundings: NodeJS.ProcessEnv = {}): Promise<Workshop> {
    const workshop = new Workshop(await temporaryFolder('halyard-page-'), surroundings);
    for (const folder of ['work', 'home', 'bin']) await mkdir(join(workshop.#folder, folder));
    const clock = pathToFileURL(join(import.meta.dirname, 'still-clock.ts'));
    await workshop.#program('halyard', `exec "${process.execPath}" --import "${clock}" "${MAIN}" "$@"`);
    await workshop.#program('npx', 'exec "$@"');
    const psql = join(import.meta.dirname, 'psql.ts');
    await workshop.#program('psql', `exec "${process.execPath}" "${psql}" "$@"`);
    return workshop;
  }

  /** An empty repository that has Halyard as a package. */
  async installPackage(): Promise<void> {
    await cp(join(root, 'schemas'), join(this.#place, 'node_modules/halyard/schemas'), { recursive: true });
    await this.write('.gitignore', 'node_modules/\n');
    await this.run('git init -q -b main');
  }

  /** The sample project as a repository with one commit, its schemas beside it. */
  async bringSample(): Promise<void> {
    for (const folder of ['flags', 'schemas'])
      await cp(join(root, folder), join(this.#place, folder), { recursive: true });
    await this.run('git init -q -b main && git add . && git commit -qm "The sample project"');
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.#place, path), 'utf8');
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.#place, path)), { recursive: true });
    await writeFile(join(this.#place, path), content);
  }

  /**
   * Runs one command in a shell of its own, which begins where the last one ended. Returns what it prints to standard
   * output and standard error.
   */
  async run(command: string): Promise<string> {
    const place = join(this.#folder, 'place');
    const options = { cwd: this.#place, env: this.#environment(), timeout: 60_000 };
    const printed = await new Promise<string>((resolve, reject) => {
      const script = `exec 2>&1\ntrap 'pwd > "${place}"' EXIT\n${command}`;
      const child = execFile('bash', ['-c', script], options, (error, stdout) => {
        if (error?.killed || typeof error?.code === 'string') reject(error);
        else resolve(stdout);
      });
      child.stdin?.end();
    });
    this.#place = (await readFile(place, 'utf8')).trimEnd();
    return printed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #program(name: string, line: string): Promise<void> {
    const path = join(this.#folder, 'bin', name);
    await writeFile(path, `#!/bin/sh\n${line}\n`);
    await chmod(path, 0o755);
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: `${join(this.#folder, 'bin')}:${process.env.PATH}`,
      HOME: join(this.#folder, 'home'),
      HALYARD_PAGE_TIME: PAGE_TIME,
      TZ: 'UTC',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_AUTHOR_NAME: 'Ada Author',
      GIT_AUTHOR_EMAIL: 'ada@acme.example',
      GIT_AUTHOR_DATE: PAGE_TIME,
      GIT_COMMITTER_NAME: 'Ada Author',
      GIT_COMMITTER_EMAIL: 'ada@acme.example',
      GIT_COMMITTER_DATE: PAGE_TIME,
      ...this.#surroundings,
    };
  }
}
