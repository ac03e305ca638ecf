// Runs one git command through simple-git: an exact environment, a deadline, and an error that holds no secret.
import { GitPluginError, simpleGit } from 'simple-git';
import { printable } from '../lib/printable.ts';
import { publicUrl } from '../lib/public-url.ts';
import { GIT_VARIABLES, type GitEnvironment } from './environment.ts';

export const DEFAULT_DEADLINE_MS = 30_000;
/** How long a command that was told to stop may take before it is left behind. */
const GRACE_MS = 5_000;
/** In UTF-16 units. */
const MOST_SAID = 16_000;
const MOST_SAID_IN_MESSAGE = 1_000;

/** No answer is longer: the ids of millions of commits. */
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
/** A repository's server may send messages without end: more of them are let go. */
const MOST_MESSAGE_BYTES = 1024 * 1024;

/** A git command that failed. `said` is the end of git's own text, with URLs' secrets removed. */
export class GitError extends Error {
  override name = 'GitError';
  readonly code: 'failed' | 'deadline';
  readonly exitCode: number;
  readonly said: string;

  constructor(
    code: GitError['code'],
    message: string,
    exitCode: number,
    { said = '', ...options }: ErrorOptions & { said?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
    this.said = said;
  }
}

export interface CommandOptions {
  folder: string;
  environment: GitEnvironment;
  input?: string;
  signal?: AbortSignal | undefined;
  deadlineMs?: number;
  /** Exit codes that are an answer and no failure. The text is then empty. */
  answers?: readonly number[];
  /** Lets `--receive-pack` say how the other side of a push on this machine is run. */
  namesReceiver?: boolean;
}

/**
 * What git prints on its standard output, read as UTF-8 (invalid bytes become U+FFFD).
 * Throws GitError when git fails or passes its deadline, and the signal's reason when it is aborted.
 */
export async function runGit(args: readonly string[], options: CommandOptions): Promise<string> {
  const { text } = await askGit(args, options);
  return text;
}

/** As `runGit`, with the exit code, for questions that git answers by it. */
export async function askGit(
  args: readonly string[],
  options: CommandOptions,
): Promise<{ exitCode: number; text: string }> {
  options.signal?.throwIfAborted();
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  const excess = new AbortController();
  const stop = AbortSignal.any([deadline, excess.signal, ...(options.signal ? [options.signal] : [])]);
  const result = { exitCode: 0, stderr: '' };
  const git = simpleGit({
    baseDir: options.folder,
    abort: stop,
    timeout: { block: deadlineMs },
    completion: { onClose: true, onExit: false },
    allowEnvironment: GIT_VARIABLES,
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeSshCommand: true,
      allowUnsafePack: options.namesReceiver ?? false,
    },
    input: () => options.input,
    errors(error, { exitCode, stdErr }) {
      result.exitCode = exitCode;
      result.stderr = Buffer.concat(stdErr).toString() + result.stderr;
      // An answer may come with words on standard error, which simple-git takes for a failure.
      if (options.answers?.includes(exitCode)) return undefined;
      if (error !== undefined && !Buffer.isBuffer(error)) return error;
      return exitCode === 0 ? undefined : new Error(`exit ${exitCode}`);
    },
  })
    .env(options.environment)
    .outputHandler((_, stdout, stderr) => {
      afterBytes(stdout, MOST_OUTPUT_BYTES, () => excess.abort());
      afterBytes(stderr, MOST_MESSAGE_BYTES, () => {
        // From here on simple-git does not keep what comes; the end is what says why git fails.
        stderr.removeAllListeners('data').on('data', (chunk: Buffer) => {
          result.stderr = (result.stderr + chunk.toString()).slice(-MOST_SAID);
        });
      });
    });
  try {
    const text = await withGrace(git.raw([...args]), stop);
    return { exitCode: result.exitCode, text: result.exitCode === 0 ? text : '' };
  } catch (cause) {
    options.signal?.throwIfAborted();
    const command = `git ${args.find((word) => !word.startsWith('-')) ?? ''}`;
    if (excess.signal.aborted)
      throw new GitError('failed', `${command} said more than is read of it.`, -1, { cause });
    if (deadline.aborted || isTimeout(cause)) throw late(command, cause);
    throw failure(command, result, cause);
  }
}

function afterBytes(stream: NodeJS.ReadableStream, bytes: number, then: () => void): void {
  let left = bytes;
  const count = ({ length }: Buffer): void => {
    left -= length;
    if (left >= 0) return;
    stream.removeListener('data', count);
    then();
  };
  stream.on('data', count);
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof GitPluginError && cause.plugin === 'timeout';
}

function late(command: string, cause: unknown): GitError {
  return new GitError('deadline', `${command} did not end in time.`, -1, { cause });
}

/** What git says on its standard error is why. */
export function failure(
  command: string,
  { exitCode, stderr }: { exitCode: number; stderr: string },
  cause: unknown = `exit ${exitCode}`,
): GitError {
  const said = withoutSecrets(stderr.slice(-MOST_SAID)).trim();
  const end = said.split('\n').slice(-3).join(' ');
  const why = said === '' ? String(cause) : printable(end, MOST_SAID_IN_MESSAGE);
  return new GitError('failed', `${command} failed: ${why}`, exitCode, { said });
}

/** Git repeats URLs in its errors: takes userinfo and query out of them. */
function withoutSecrets(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi, (url) => publicUrl(url));
}

/** simple-git waits for the process to close; one that does not even react to its signal is left behind after a grace time. */
async function withGrace<T>(work: PromiseLike<T>, stop: AbortSignal): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    timer = setTimeout(() => reject(new Error('the git process does not react')), GRACE_MS);
    timer.unref();
  };
  stop.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, given]);
  } finally {
    stop.removeEventListener('abort', giveUp);
    clearTimeout(timer);
  }
}
