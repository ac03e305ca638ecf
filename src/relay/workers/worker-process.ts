// One worker as its primary sees it: the process, the channel to it, and what it was told already.
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { unreachable } from '../../lib/unreachable.ts';
import type { RelayCore, Workers } from '../core.ts';
import type { DoorName } from '../door.ts';
import type { EventFacts } from '../events.ts';
import type { Served } from '../snapshot-store.ts';
import {
  type FromWorker,
  type Gauges,
  type Question,
  type Start,
  type ToWorker,
  WORKER_VARIABLE,
} from './messages.ts';
import { sendSnapshot } from './snapshot-wire.ts';
import type { WorkerListener } from './worker-listener.ts';

/** Of Node's own options, those that two processes cannot share. */
const OWN_OPTIONS = /^--inspect/;

export class WorkerProcess {
  readonly id: number;
  /** The connection that is on its way to it, and since when. */
  #handed: { socket: Socket; sinceMs: number } | undefined;
  connections = 0;
  gauges: Gauges | undefined;
  events: EventFacts | undefined;
  /** How often the primary has looked in vain for a sign of life. */
  silentLooks = 0;
  /** It has a snapshot to answer from. */
  hasSnapshot = false;
  readonly #listener: WorkerListener;
  readonly #process: ChildProcess;
  readonly #reports = new Map<number, () => void>();
  #isUp = false;
  #told: Served | undefined;
  /** Snapshots that it was told and does not serve yet. */
  #owed = 0;
  #telling: Promise<void> | undefined;
  #hasNews = false;

  /** Starts the process: the command line of this one, once more. */
  constructor(id: number, instanceId: string, start: Start, listener: WorkerListener) {
    this.id = id;
    this.#listener = listener;
    const [, file = '', ...args] = process.argv;
    this.#process = fork(file, [...args, '--instance-id', instanceId], {
      env: { ...process.env, [WORKER_VARIABLE]: String(id) },
      execArgv: process.execArgv.filter((option) => !OWN_OPTIONS.test(option)),
    });
    this.#process.on('message', (message) => this.#hear(message as FromWorker));
    const ended = (code: number | null, signal: string | null) => {
      this.#process.removeAllListeners('exit');
      for (const done of this.#reports.values()) done();
      this.#letGo();
      listener.ended({ code, signal });
    };
    this.#process.once('exit', ended);
    // One that could not be started does not end; one that cannot be told is to.
    this.#process.on('error', () => (this.pid === undefined ? ended(null, null) : this.kill()));
    void this.tell({ type: 'start', start });
  }

  /** It takes connections. */
  get isUp(): boolean {
    return this.#isUp && this.#process.connected;
  }

  /** Since when a connection is on its way to it, so that it gets no other one now. */
  get takingSinceMs(): number | undefined {
    return this.#handed?.sinceMs;
  }

  /** Whether it answers by this. */
  serves(served: Served | undefined): boolean {
    return this.#told === served && this.#owed === 0;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Resolves when the message is on its way, or the worker has ended. */
  tell(message: ToWorker): Promise<void> {
    return new Promise((resolve) => {
      if (this.#process.connected) this.#process.send(message, () => resolve());
      else resolve();
    });
  }

  /** Tells what has changed of the relay. What changes meanwhile is told after that, at once. */
  follow(core: RelayCore, workers: () => Workers): Promise<void> {
    this.#hasNews = true;
    this.#telling ??= this.#tellAll(core, workers).finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  /** Gives it a connection, which this process has not read of. */
  hand(socket: Socket, door: DoorName): void {
    this.#handed = { socket, sinceMs: performance.now() };
    this.connections++;
    // Left to Node, a connection would stay open for good whose worker ends before it has taken it.
    this.#process.send({ type: 'connection', door } satisfies ToWorker, socket, { keepOpen: true });
  }

  /** Resolves when all that it has counted up to now has been heard, or it has ended. */
  report(id: number): Promise<void> {
    return new Promise((resolve) => {
      this.#reports.set(id, () => {
        this.#reports.delete(id);
        resolve();
      });
      void this.tell({ type: 'report', id });
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async #tellAll({ store, health }: RelayCore, workers: () => Workers): Promise<void> {
    while (this.#hasNews && this.#process.connected) {
      this.#hasNews = false;
      const { served } = store;
      if (served && served !== this.#told) {
        const { snapshot, fromCache } = served;
        const base = this.#told?.snapshot;
        this.#told = served;
        this.#owed++;
        await sendSnapshot(base, snapshot, fromCache, (message) => this.tell(message));
      }
      // After the snapshot, so that a worker never calls an older one confirmed.
      if (served !== store.served) this.#hasNews = true;
      else {
        const { witness } = store;
        await this.tell({
          type: 'source',
          health: health.facts,
          ...(witness && { witness }),
          workers: workers(),
        });
      }
    }
  }

  #hear(message: FromWorker): void {
    this.silentLooks = 0;
    switch (message.type) {
      case 'up':
        this.#isUp = true;
        this.#listener.up();
        break;
      case 'serves':
        this.#owed--;
        this.hasSnapshot = true;
        this.#listener.serves();
        break;
      case 'open':
        this.connections = message.connections;
        if (message.took) {
          this.#letGo();
          this.#listener.took();
        }
        break;
      case 'counts':
        this.#listener.counted(message.counts);
        break;
      case 'reported':
        this.gauges = message.gauges;
        this.events = message.events;
        if (message.id !== undefined) this.#reports.get(message.id)?.();
        break;
      case 'ask':
        void this.#answer(message.id, message.question);
        break;
      default:
        unreachable(message);
    }
  }

  /** Closes this process's end of the connection that it was given. The worker's stays open, if it has one. */
  #letGo(): void {
    this.#handed?.socket.destroy();
    this.#handed = undefined;
  }

  async #answer(id: number, question: Question): Promise<void> {
    const answer = await this.#listener.asked(question);
    await this.tell({ type: 'answer', id, answer });
  }
}
