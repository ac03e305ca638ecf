// One `git cat-file` that answers question after question: the one command that is spawned, since its output is binary.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { DEFAULT_DEADLINE_MS, GitError } from './command.ts';
import type { GitEnvironment } from './environment.ts';

/** With contents, or what they are alone. */
export type Mode = '--batch' | '--batch-check';

export interface Place {
  folder: string;
  environment: GitEnvironment;
}

/** One of each, that answer for a place question after question. */
export type Readers = Readonly<Record<Mode, CatFile>>;

/** How long git waits for a next question. */
const IDLE_MS = 1_000;

/** Starts git with the first question, and again where it has ended. While nobody asks it keeps no program from ending. */
export class CatFile {
  readonly #place: Place;
  readonly #mode: Mode;
  #running: Running | undefined;
  #before: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(place: Place, mode: Mode) {
    this.#place = place;
    this.#mode = mode;
  }

  /**
   * What git prints of the names, which hold no line break; or its beginning, of more than `maxBytes`, where that is longer.
   * Throws GitError, the signal's reason, and what spawn does.
   */
  ask(names: readonly string[], maxBytes: number, signal: AbortSignal | undefined): Promise<Buffer> {
    const answer = this.#before.then(() => this.#ask(names, maxBytes, signal));
    this.#before = answer.catch(() => {});
    return answer;
  }

  /** Lets git end: the next question is for a new one. Call it when nobody waits for an answer. */
  end(): void {
    clearTimeout(this.#idle);
    this.#running?.end();
    this.#running = undefined;
  }

  async #ask(names: readonly string[], maxBytes: number, signal: AbortSignal | undefined): Promise<Buffer> {
    signal?.throwIfAborted();
    clearTimeout(this.#idle);
    if (this.#running?.hasEnded) this.#running = undefined;
    this.#running ??= new Running(this.#place, this.#mode);
    const deadline = AbortSignal.timeout(DEFAULT_DEADLINE_MS);
    try {
      const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
      return await this.#running.ask(names, maxBytes, stop);
    } catch (cause) {
      signal?.throwIfAborted();
      if (deadline.aborted)
        throw new GitError('deadline', 'git cat-file did not end in time.', -1, { cause });
      throw cause;
    } finally {
      this.#idle = setTimeout(() => this.end(), IDLE_MS).unref();
    }
  }
}

export function readersOf(place: Place): Readers {
  return { '--batch': new CatFile(place, '--batch'), '--batch-check': new CatFile(place, '--batch-check') };
}

/** A started process. One that fails a question, or whose answer is not read to the end, is of no more use. */
class Running {
  readonly #child: ChildProcessWithoutNullStreams;
  #hasEnded = false;
  #stderr = '';
  #take: (chunk: Buffer) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor({ folder, environment }: Place, mode: Mode) {
    const child = spawn('git', ['cat-file', mode], { cwd: folder, env: environment });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
    child.on('error', (error) => {
      this.#hasEnded = true;
      this.#fail(error);
    });
    child.on('close', (code) => {
      this.#hasEnded = true;
      this.#fail(new GitError('failed', `git cat-file failed: ${this.#stderr.trim()}`, code ?? -1));
    });
    // One that ended has said why by its exit code; the broken pipe adds nothing.
    child.stdin.on('error', () => {});
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async ask(names: readonly string[], maxBytes: number, stop: AbortSignal): Promise<Buffer> {
    // No object has a name like it, and nobody who wrote an object knows it: git says that it is missing, and that is the end.
    const nothing = `?${randomBytes(16).toString('hex')}`;
    const end = Buffer.from(`${nothing} missing\n`);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let tail: Buffer = Buffer.alloc(0);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#fail = reject;
    this.#take = (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      tail = Buffer.concat([tail, chunk.subarray(-end.length)]).subarray(-end.length);
      if (tail.equals(end)) resolve();
      else if (bytes > maxBytes + end.length) this.#kill(resolve);
    };
    const abort = (): void => this.#kill(() => reject(stop.reason));
    stop.addEventListener('abort', abort, { once: true });
    this.#keepAlive(true);
    try {
      this.#child.stdin.write(`${names.join('\n')}\n${nothing}\n`);
      await promise;
    } finally {
      stop.removeEventListener('abort', abort);
      this.#take = () => {};
      this.#fail = () => {};
      this.#keepAlive(false);
    }
    const output = Buffer.concat(chunks);
    return tail.equals(end) ? output.subarray(0, -end.length) : output;
  }

  end(): void {
    this.#hasEnded = true;
    this.#child.stdin.end();
  }

  #kill(then: () => void): void {
    this.#hasEnded = true;
    this.#child.kill('SIGKILL');
    then();
  }

  /** Whether this process waits for it. */
  #keepAlive(isAwaited: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const handle of [this.#child, stdin as Socket, stdout as Socket, stderr as Socket])
      if (isAwaited) handle.ref();
      else handle.unref();
  }
}
