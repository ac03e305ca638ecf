// The workers of a relay: as many as there are to be, each started again when it ends, and who of them takes the next connection.
import type { Socket } from 'node:net';
import { backoffMs } from '../../lib/backoff.ts';
import type { RelayCore, Workers } from '../core.ts';
import type { DoorName } from '../door.ts';
import type { EventFacts } from '../events.ts';
import { GROWING } from '../usage.ts';
import { addCounts } from './counts.ts';
import { sumOfFacts } from './events.ts';
import type { Gauges, Question, Start, ToWorker } from './messages.ts';
import { WaitingLine } from './waiting-line.ts';
import type { Ending } from './worker-listener.ts';
import { WorkerProcess } from './worker-process.ts';

const LOOK_MS = 1_000;
/** A worker says something each second; one that is silent for so many looks is stuck, and is ended. */
const MOST_SILENT_LOOKS = 15;
/** One that starts has much to load, and perhaps little time for it. */
const MOST_LOOKS_TO_START = 60;
/** A worker that lived so long was well: the wait before the next one is short again. */
const WELL_AFTER_MS = 30_000;
const REPORT_MS = 1_000;
/** What workers get to end, of the 5 s that the relay has. */
const END_MS = 3_500;

export class Crew {
  readonly #core: RelayCore;
  readonly #size: number;
  readonly #start: () => Start;
  readonly #answer: (question: Question) => Promise<unknown>;
  readonly #workers = new Set<WorkerProcess>();
  readonly #line = new WaitingLine(() => this.#taking());
  readonly #looking: NodeJS.Timeout;
  readonly #retries = new Set<NodeJS.Timeout>();
  #lastId = 0;
  #lastReport = 0;
  #lost = 0;
  #failures = 0;
  #isStopping = false;
  readonly #ofEnded: { [gauge in keyof Gauges]?: number } = {};

  /**
   * @param start what a worker is told that starts now
   * @param answer what a worker is answered that asks; never rejects
   */
  constructor(
    core: RelayCore,
    size: number,
    start: () => Start,
    answer: (question: Question) => Promise<unknown>,
  ) {
    this.#core = core;
    this.#size = size;
    this.#start = start;
    this.#answer = answer;
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** How it stands with the workers. */
  get state(): Workers {
    // Whoever is told that the relay is ready may have a connection to any of them.
    const isAwaited = this.#up().some((worker) => worker.connections > 0 && this.#isBehind(worker));
    return { wanted: this.#size, up: isAwaited ? 0 : this.#taking().length, lost: this.#lost };
  }

  /** How many connections are open or wait. */
  get connections(): number {
    let sum = this.#line.length;
    for (const { connections } of this.#workers) sum += connections;
    return sum;
  }

  /** Starts the workers. */
  begin(): void {
    for (let count = 0; count < this.#size; count++) this.#hire();
  }

  /** A connection for the worker that has the fewest, as soon as one has time. */
  take(socket: Socket, door: DoorName): void {
    this.#line.take(socket, door);
  }

  /** Tells all workers something. */
  tell(message: ToWorker): void {
    for (const worker of this.#workers) void worker.tell(message);
  }

  /** Tells all workers what has changed of the relay. */
  follow(): void {
    for (const worker of this.#workers) void worker.follow(this.#core, () => this.state);
  }

  /** Resolves when the counters hold all that the workers have counted up to now; a worker that is busy gets a second. */
  async collect(): Promise<void> {
    const id = ++this.#lastReport;
    const reports = Promise.all(this.#up().map((worker) => worker.report(id)));
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise((resolve) => {
      timer = setTimeout(resolve, REPORT_MS);
    });
    await Promise.race([reports, overdue]);
    clearTimeout(timer);
  }

  /** The sum over all workers of what goes up and down. */
  total(gauge: keyof Gauges): number {
    let sum = this.#ofEnded[gauge] ?? 0;
    for (const { gauges } of this.#workers) sum += gauges?.[gauge] ?? 0;
    return sum;
  }

  /** How it stands with events in all workers, as each has said last. */
  eventFacts(): EventFacts {
    return sumOfFacts([...this.#workers].flatMap(({ events }) => events ?? []));
  }

  /** Ends all workers, once they have answered those who are connected. Connections that wait are still handed out before. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const retry of this.#retries) clearTimeout(retry);
    const end = performance.now() + END_MS;
    const isHandingOut = () =>
      this.#line.length > 0 || this.#up().some(({ takingSinceMs }) => takingSinceMs !== undefined);
    while (this.#up().length > 0 && isHandingOut() && performance.now() < end - END_MS / 2) await pause();
    this.tell({ type: 'drain' });
    for (const worker of this.#workers) if (!worker.isUp) worker.kill();
    while (this.#workers.size > 0 && performance.now() < end) await pause();
    for (const worker of this.#workers) worker.kill();
    this.#line.clear();
    clearInterval(this.#looking);
  }

  #up(): WorkerProcess[] {
    return [...this.#workers].filter(({ isUp }) => isUp);
  }

  /** It has still to get the first snapshot, which is there. */
  #isBehind({ hasSnapshot }: WorkerProcess): boolean {
    return this.#core.store.served !== undefined && !hasSnapshot;
  }

  #taking(): WorkerProcess[] {
    return this.#up().filter((worker) => !this.#isBehind(worker));
  }

  #hire(): void {
    const startedMs = performance.now();
    const worker = new WorkerProcess(++this.#lastId, this.#core.instanceId, this.#start(), {
      up: () => {
        const ready_ms = Math.round(performance.now() - startedMs);
        this.#core.log.info({ worker: worker.id, pid: worker.pid, ready_ms }, 'a worker answers');
        this.#line.handOut();
        this.follow();
      },
      serves: () => {
        this.#tellSpread();
        this.#line.handOut();
        this.follow();
      },
      took: () => this.#line.handOut(),
      counted: (counts) => addCounts(this.#core.counters, counts),
      asked: this.#answer,
      ended: (how) => this.#replace(worker, how, performance.now() - startedMs),
    });
    this.#workers.add(worker);
    void worker.follow(this.#core, () => this.state);
  }

  #replace(ended: WorkerProcess, how: Ending, livedMs: number): void {
    this.#workers.delete(ended);
    for (const gauge of GROWING) {
      this.#ofEnded[gauge] = (this.#ofEnded[gauge] ?? 0) + (ended.gauges?.[gauge] ?? 0);
    }
    if (this.#isStopping) return;
    this.#lost++;
    this.#failures = livedMs > WELL_AFTER_MS ? 1 : this.#failures + 1;
    this.#core.log.error({ worker: ended.id, ...how }, 'a worker has ended; another one is started');
    const again = () => {
      this.#retries.delete(retry);
      this.#hire();
    };
    const retry = setTimeout(again, backoffMs(this.#failures, Math.random()));
    this.#retries.add(retry);
    this.follow();
    this.#tellSpread();
  }

  /** Once all serve the same, each may tell its clients of it. */
  #tellSpread(): void {
    const { served } = this.#core.store;
    if (this.#up().every((worker) => worker.serves(served))) this.tell({ type: 'spread' });
  }

  #look(): void {
    for (const worker of this.#workers) {
      if (++worker.silentLooks <= (worker.isUp ? MOST_SILENT_LOOKS : MOST_LOOKS_TO_START)) continue;
      this.#core.log.error({ worker: worker.id }, 'a worker is stuck, so it is ended');
      worker.kill();
    }
    this.#core.counters.connectionsDropped += this.#line.look();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
