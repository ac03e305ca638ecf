// `halyard relay` as a process of its own, for faults that kill it, starve it, or take away what is around it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAIN } from '../../support/main-file.ts';
import { type AskedRelay, eventually } from './stage.ts';

export interface RelayProcessOptions {
  source: string;
  cache?: string;
  /** More options of the command. */
  args?: string[];
  /** What starts it: `prlimit --nofile=64`, say. */
  through?: string[];
  /** Options of Node itself. */
  node?: string[];
}

export class RelayProcess implements AskedRelay, AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #errors = '';

  private constructor({ source, cache, args = [], through = [], node = [] }: RelayProcessOptions) {
    const own = ['relay', '--environment', 'prod', '--source', source, '--listen', '127.0.0.1:0', ...args];
    if (cache !== undefined) own.push('--cache', cache);
    const [program = '', ...rest] = [...through, process.execPath, ...node, MAIN, ...own];
    this.#child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let open = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (open + text).split('\n');
      open = lines.pop() ?? '';
      this.#lines.push(...lines);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  /** Resolves when it listens. */
  static async start(options: RelayProcessOptions): Promise<RelayProcess> {
    const relay = new RelayProcess(options);
    try {
      await eventually(() => relay.url !== '' || relay.#child.exitCode !== null);
      if (relay.url === '') throw new Error(`the relay has ended: ${relay.#errors}`);
      return relay;
    } catch (error) {
      await relay.kill();
      throw error;
    }
  }

  get url(): string {
    const line = this.#lines.find((candidate) => candidate.includes('"listening"'));
    return line === undefined ? '' : (JSON.parse(line).url as string);
  }

  get grpcUrl(): string | undefined {
    const line = this.#lines.find((candidate) => candidate.includes('"grpc_url"'));
    return line === undefined ? undefined : (JSON.parse(line).grpc_url as string);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  lines(): string[] {
    return this.#lines;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Kills it with -9, whatever it is doing. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
