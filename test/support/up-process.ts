// `halyard up` as its users run it: a process of its own on a repository, read by what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GitRepository, temporaryFolder } from './git-repository.ts';
import { MAIN } from './main-file.ts';
import { until } from './until.ts';

export const PROJECT_ROOT = join(import.meta.dirname, '../..');

/** The sample project in a repository of its own, with one commit. */
export async function sampleRepository(): Promise<GitRepository> {
  const repository = await GitRepository.create();
  await cp(join(PROJECT_ROOT, 'flags'), join(repository.folder, 'flags'), { recursive: true });
  await repository.commit('Sample project');
  const remove = () => GitRepository.prototype[Symbol.asyncDispose].call(repository);
  return Object.assign(repository, {
    async [Symbol.asyncDispose]() {
      const place = await rootsPlace(repository.folder);
      if (place !== undefined) await rm(place, { recursive: true, force: true });
      await remove();
    },
  });
}

/** The sample project in a folder without git. */
export async function sampleFolder(): Promise<AsyncDisposable & { folder: string }> {
  const folder = await temporaryFolder('halyard-archive-');
  await cp(join(PROJECT_ROOT, 'flags'), join(folder, 'flags'), { recursive: true });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export interface UpRunOptions {
  folder: string;
  args?: string[];
  /** Program and arguments to run instead of `node main.ts up`. */
  command?: [string, ...string[]];
  environment?: NodeJS.ProcessEnv;
}

/** A running `up`. Disposing stops it, and fails where a process is left. */
export class UpProcess implements AsyncDisposable {
  readonly #folder: string;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor({ folder, args = [], command = [process.execPath, MAIN, 'up'], environment }: UpRunOptions) {
    const [program, ...first] = command;
    this.#folder = folder;
    this.#child = spawn(program, [...first, '--listen', '127.0.0.1:0', ...args], {
      cwd: folder,
      // A process group of its own, as a terminal gives to what it runs.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
    });
  }

  /** Starts, and resolves when the banner is printed. */
  static async start(options: UpRunOptions): Promise<UpProcess> {
    const up = new UpProcess(options);
    await up.prints('Ctrl-C stops everything.', 60_000);
    return up;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#stdout;
  }

  get errors(): string {
    return this.#stderr;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get relayUrl(): string {
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.output.slice(this.output.indexOf('  relay')))?.[0] ?? '';
  }

  /** Waits until it has printed a text, or what the pattern matches. */
  async prints(wanted: string | RegExp, deadlineMs = 30_000): Promise<void> {
    const has = () => (typeof wanted === 'string' ? this.output.includes(wanted) : wanted.test(this.output));
    try {
      await until(() => has() || this.#hasEnded, deadlineMs);
      if (!has()) throw new Error('it has ended');
    } catch (cause) {
      throw new Error(`\`up\` did not print ${wanted}:\n${this.output}${this.errors}`, { cause });
    }
  }

  /** What the relay decides for a flag. */
  async evaluate(flag: string, context: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.relayUrl}/v1/evaluate/${flag}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ context }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** The postmaster's process. */
  async postgresPid(): Promise<number> {
    const file = join(await dataFolder(this.#folder), 'postmaster.pid');
    return Number((await readFile(file, 'utf8')).split('\n')[0]);
  }

  /** Resolves to the exit code, null after a signal that it did not handle. */
  async ended(deadlineMs = 20_000): Promise<number | null> {
    await until(() => this.#hasEnded, deadlineMs);
    return this.#child.exitCode;
  }

  /** Sends a signal to the process alone, or to its whole group as Ctrl-C does. */
  signal(signal: NodeJS.Signals, to: 'process' | 'group' = 'process'): void {
    process.kill(to === 'group' ? -this.pid : this.pid, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) this.signal('SIGINT', 'group');
    await this.ended().catch(() => this.signal('SIGKILL', 'group'));
    // With the lock there, another instance lives on this folder, or this one was killed on purpose.
    if (await stat(join(this.#folder, '.halyard/up.lock')).catch(() => undefined)) return;
    const left = await processesOn(await dataFolder(this.#folder));
    if (left.length > 0)
      throw new Error(`\`up\` has left processes behind:\n${left.join('\n')}\n${this.output}`);
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** Where PostgreSQL's data lie that `up` keeps for a folder. */
export async function dataFolder(folder: string): Promise<string> {
  const place = await rootsPlace(folder);
  return place === undefined ? join(folder, '.halyard', 'postgres') : join(place, 'data');
}

/** Root's data are not in the folder itself. */
function rootsPlace(folder: string): Promise<string | undefined> {
  return readlink(join(folder, '.halyard', 'postgres-of-root')).catch(() => undefined);
}

/** Processes whose command line names a folder, on Linux. */
async function processesOn(folder: string): Promise<string[]> {
  const found: string[] = [];
  if (process.platform !== 'linux') return found;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
    if (words.includes(folder)) found.push(`${pid} ${words}`);
  }
  return found;
}
