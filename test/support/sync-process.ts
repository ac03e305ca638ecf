// `halyard sync` as a process of its own, for tests that kill it.
import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN } from './main-file.ts';

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class SyncProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** The lines of standard output and standard error so far. */
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly ended: Promise<Ending>;
  #hasEnded = false;

  /** @param args after `halyard sync` */
  constructor(args: string[], environment: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [MAIN, 'sync', ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    collect(this.#child.stdout, this.output);
    collect(this.#child.stderr, this.errors);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.#hasEnded = true;
        resolve({ code, signal });
      });
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<Ending> {
    if (!this.#hasEnded) this.#child.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
  }
}

function collect(stream: NodeJS.ReadableStream | null, lines: string[]): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
}
