// A halyard service as a process on one port, killed and started again as often as a test likes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from '../support/main-file.ts';

const READY_DEADLINE_MS = 30_000;

export class KilledProcess implements AsyncDisposable {
  readonly url: string;
  readonly #args: readonly string[];
  readonly #nodeOptions: readonly string[];
  #child: ChildProcess | undefined;
  #said = '';

  private constructor(args: readonly string[], nodeOptions: readonly string[], port: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.#nodeOptions = nodeOptions;
    this.#args = [...args, '--listen', `127.0.0.1:${port}`, '--log-level', 'warn'];
  }

  /** Starts it on a free port, and resolves when it is ready. */
  static async start(args: readonly string[], nodeOptions: readonly string[] = []): Promise<KilledProcess> {
    const started = new KilledProcess(args, nodeOptions, await freePort());
    await started.restart();
    await started.ready();
    return started;
  }

  /** Kills it without warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts it again, without waiting for it. */
  async restart(): Promise<void> {
    await this.kill();
    const child = spawn(process.execPath, [...this.#nodeOptions, MAIN, ...this.#args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: unknown) => {
      this.#said = (this.#said + String(chunk)).slice(-4_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    this.#child = child;
  }

  async ready(): Promise<void> {
    for (const deadline = Date.now() + READY_DEADLINE_MS; Date.now() < deadline; await sleep(50)) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => {});
      if (answer?.status === 200) return;
      // What was started while PostgreSQL recovers may have ended by what PostgreSQL said.
      if (this.#child?.exitCode !== null) await this.restart();
    }
    throw new Error(`${this.#args[0]} is not ready: ${this.#said}`);
  }

  /** Ends it as an orchestrator does. Resolves to the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child as ChildProcess;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    return child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
