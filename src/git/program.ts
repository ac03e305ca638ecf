// Runs ssh-keygen, gpg, and a git that has helpers or answers on its error stream: no shell, no terminal to ask at, a deadline, and what it prints as text.
import { type ChildProcess, spawn } from 'node:child_process';
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

/** No answer is longer. In UTF-16 units. */
const MOST_OUTPUT = 256 * 1024 * 1024;
/** Of messages, so much is kept: the beginning, and the end, which says why it fails. */
const MOST_MESSAGES = 1024 * 1024;
const LAST_MESSAGES = 16 * 1024;
/** From asking it to end to ending it, and to leaving it behind. */
const GRACE_MS = 2_000;

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
    if (cause instanceof GitError) throw cause;
    if (deadline.aborted) throw new GitError('deadline', `${program} did not end in time.`, -1, { cause });
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new UnreachableError('git', `${program} cannot be run (${code}). Install ${PACKAGES[program]}.`, {
      cause,
    });
  }
}

function run(
  program: string,
  args: readonly string[],
  { folder, environment, input, signal }: ProgramOptions,
  deadline: AbortSignal,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const child = spawn(program, args, {
    cwd: folder,
    env: environment,
    // A session of its own has no terminal, so that nothing waits for a passphrase, and ends with all that it has started.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = (): void => endGroup(child, () => reject(stop.reason));
  if (stop.aborted) end();
  stop.addEventListener('abort', end, { once: true });
  const ended = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ended.stdout += text;
    if (ended.stdout.length > MOST_OUTPUT) endGroup(child, () => reject(tooLong(program)));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr = shortened(ended.stderr + text);
  });
  child.on('error', reject);
  child.on('close', (code) => {
    stop.removeEventListener('abort', end);
    if (stop.aborted) reject(stop.reason);
    else if (ended.stdout.length > MOST_OUTPUT) reject(tooLong(program));
    else resolve({ exitCode: code ?? -1, ...ended });
  });
  // A program that ended has said why by its exit code; the broken pipe adds nothing.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  return promise;
}

function shortened(text: string): string {
  const isLong = text.length > MOST_MESSAGES + 4 * LAST_MESSAGES;
  return isLong ? text.slice(0, MOST_MESSAGES) + text.slice(-LAST_MESSAGES) : text;
}

function tooLong(program: string): GitError {
  return new GitError('failed', `${program} said more than is read of it.`, -1);
}

/** Git's helpers outlive it, and wait for a server as long as that sends a byte now and then. */
function endGroup(child: ChildProcess, giveUp: () => void): void {
  const send = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // All of them have ended.
    }
  };
  send('SIGTERM');
  const kill = setTimeout(() => send('SIGKILL'), GRACE_MS);
  const leave = setTimeout(giveUp, 2 * GRACE_MS);
  child.once('close', () => {
    send('SIGKILL');
    clearTimeout(kill);
    clearTimeout(leave);
  });
}
