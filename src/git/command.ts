// Runs one git command through simple-git: an exact environment, a deadline, and an error that holds no secret.
import { GitPluginError, simpleGit } from 'simple-git';
import { publicUrl } from '../lib/public-url.ts';
import { GIT_VARIABLES, type GitEnvironment } from './environment.ts';

export const DEFAULT_DEADLINE_MS = 30_000;
/** A first fetch of a large repository takes its time. */
export const FETCH_DEADLINE_MS = 600_000;
/** How long a command that was told to stop may take before it is left behind. */
const GRACE_MS = 5_000;

/** A git command that failed. `stderr` is git's own text with URLs' secrets removed. */
export class GitError extends Error {
  override name = 'GitError';
  readonly code: 'failed' | 'deadline';
  readonly exitCode: number;

  constructor(code: GitError['code'], message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
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
  const stop = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const result = { exitCode: 0, stderr: '' };
  const git = simpleGit({
    baseDir: options.folder,
    abort: stop,
    timeout: { block: deadlineMs },
    completion: { onClose: true, onExit: false },
    allowEnvironment: GIT_VARIABLES,
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true, allowUnsafeSshCommand: true },
    input: () => options.input,
    errors(error, { exitCode, stdErr }) {
      Object.assign(result, { exitCode, stderr: Buffer.concat(stdErr).toString() });
      if (error !== undefined && !Buffer.isBuffer(error)) return error;
      return exitCode === 0 || options.answers?.includes(exitCode)
        ? undefined
        : new Error(`exit ${exitCode}`);
    },
  }).env(options.environment);
  try {
    const text = await withGrace(git.raw([...args]), stop);
    return { exitCode: result.exitCode, text: result.exitCode === 0 ? text : '' };
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw gitError(args, result, deadline.aborted || isTimeout(cause), cause);
  }
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof GitPluginError && cause.plugin === 'timeout';
}

function gitError(
  args: readonly string[],
  { exitCode, stderr }: { exitCode: number; stderr: string },
  late: boolean,
  cause: unknown,
): GitError {
  const command = `git ${args.find((word) => !word.startsWith('-')) ?? ''}`;
  if (late) return new GitError('deadline', `${command} did not end in time.`, exitCode, { cause });
  const said = withoutSecrets(stderr).trim().split('\n').slice(-3).join(' ');
  return new GitError('failed', `${command} failed: ${said === '' ? String(cause) : said}`, exitCode);
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
