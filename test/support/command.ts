// Runs `halyard` as a process, as a person would.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { MAIN } from './main-file.ts';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** In the repository's folder, unless `cwd` says otherwise; `input` is its standard input, `environment` comes on top. */
export function halyard(
  args: readonly string[],
  cwd: string = root,
  input = '',
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const program = [MAIN, ...args];
    const env = { ...process.env, ...environment };
    const child = execFile(process.execPath, program, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.on('error', () => {}).end(input); // one that reads nothing may be gone before
  });
}
