// `halyard relay` as a process of its own, read by the lines of its log.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { MAIN } from '../support/main-file.ts';
import { until, within } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');

export type Line = { [member: string]: unknown };

export interface RelayRun {
  /** What is run: the sources' `halyard`, unless a test has another. */
  main?: string;
  /** Options of Node itself. */
  node?: readonly string[];
  source?: string;
  args?: readonly string[];
  /** Set on top of a bare environment. */
  environment?: NodeJS.ProcessEnv;
}

export class RelayProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor({
    main = MAIN,
    node = [],
    source = `directory:${join(ROOT, 'flags')}`,
    args = [],
    environment,
  }: RelayRun) {
    const own = ['relay', '--environment', 'prod', '--source', source, '--listen', '127.0.0.1:0'];
    this.#child = spawn(process.execPath, [...node, main, ...own, '--instance-id', 'test-1', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    });
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
  }

  /** Starts, and resolves when it answers. */
  static async start(run: RelayRun = {}): Promise<RelayProcess> {
    const relay = new RelayProcess(run);
    await relay.says('listening');
    await relay.says('ready');
    // Workers have the snapshot a moment after their primary process. A relay that demands a token says 401.
    if (run.args?.includes('--workers')) {
      await until(async () => (await fetch(`${relay.url}/readyz`)).status !== 503, 30_000);
    }
    return relay;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Every line that it has written to standard output. Throws where one is no JSON. */
  get lines(): Line[] {
    const whole = this.#stdout.slice(0, this.#stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  }

  get errors(): string {
    return this.#stderr;
  }

  get url(): string {
    return String(this.lines.find(({ message }) => message === 'listening')?.url);
  }

  /** Resolves when a line with the message is written. */
  async says(message: string): Promise<void> {
    await until(() => {
      if (this.#child.exitCode !== null) throw new Error(`it has ended: ${this.#stdout}${this.#stderr}`);
      return this.lines.some((line) => line.message === message);
    }, 30_000);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** The value of a series of `/metrics`; undefined where there is none. */
  async metric(series: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks it to stop, and resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return within(20_000, this.#exited);
  }

  /** Resolves with the exit code of one that ends by itself. */
  ended(): Promise<number | null> {
    return within(30_000, this.#exited);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
