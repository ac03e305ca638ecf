// Runs ssh-keygen, gpg or a git that answers on its error stream: no shell, no terminal to ask at, a deadline, and what it prints as text.
import { spawn } from 'node:child_process';
import { UnreachableError } from '../lib/errors.ts';
import { DEFAULT_DEADLINE_MS, GitError } from './command.ts';
import type { GitEnvironment } from './environment.ts';

const PACKAGES = { 'ssh-keygen': 'OpenSSH’s client, 8.9 or newer', gpg: 'GnuPG', git: 'git' } as const;

export interface ProgramOptions {
  /** Where it runs; here, unless it is said. */
  folder?: string;
  environment: GitEnvironment;
  input?: string | Uint8Array;
  signal?: AbortSignal | undefined;
  deadlineMs?: number;
}

export interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Throws UnreachableError where the program is not there, GitError past the deadline, and the signal's reason. */
export async function runProgram(
  program: keyof typeof PACKAGES,
  args: readonly string[],
  options: ProgramOptions,
): Promise<Ended> {
  const deadline = AbortSignal.timeout(options.deadlineMs ?? DEFAULT_DEADLINE_MS);
  try {
    return await run(program, args, options, deadline);
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (deadline.aborted) throw new GitError('deadline', `${program} did not end in time.`, -1, { cause });
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new UnreachableError(
      'git',
      `${program}, which signatures need, cannot be run (${code}). Install ${PACKAGES[program]}.`,
      { cause },
    );
  }
}

function run(
  program: string,
  args: readonly string[],
  { folder, environment, input, signal }: ProgramOptions,
  deadline: AbortSignal,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const child = spawn(program, args, {
    cwd: folder,
    env: environment,
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    killSignal: 'SIGKILL',
    // A session of its own has no terminal, so that nothing waits for a passphrase.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      ended[name] += text;
    });
  child.on('error', reject);
  child.on('close', (code) => resolve({ exitCode: code ?? -1, ...ended }));
  // A program that ended has said why by its exit code; the broken pipe adds nothing.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  return promise;
}
