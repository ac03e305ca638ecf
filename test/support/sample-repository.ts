// The sample project in a real repository, with the commands run in it as a person runs them.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFolder } from '../../src/io/folder.ts';
import { type FileEdits, GitRepository } from './git-repository.ts';
import { MAIN } from './main-file.ts';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export class SampleRepository implements AsyncDisposable {
  readonly repository: GitRepository;

  private constructor(repository: GitRepository) {
    this.repository = repository;
  }

  /** One commit on main. */
  static async create(): Promise<SampleRepository> {
    const repository = await GitRepository.create();
    const files: FileEdits = {};
    for (const entry of await readFolder(join(root, 'flags')))
      if (entry.kind === 'file') files[`flags/${entry.path}`] = entry.content;
    await repository.commit('The sample project', files);
    return new SampleRepository(repository);
  }

  /** Commits a file with one part of its text replaced. Throws where the text has no such part. */
  async replace(subject: string, path: string, part: string, instead: string): Promise<string> {
    const file = join(this.repository.folder, path);
    const before = await readFile(file, 'utf8');
    if (!before.includes(part)) throw new Error(`${path} has no ${JSON.stringify(part)}`);
    return this.repository.commit(subject, { [path]: before.replace(part, () => instead) });
  }

  /** Runs `halyard` in the repository. */
  run(args: string[], input = ''): Promise<Ended> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [MAIN, ...args],
        { cwd: this.repository.folder, maxBuffer: 1 << 26, env: { ...process.env, NO_COLOR: '1' } },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.repository[Symbol.asyncDispose]();
  }
}
