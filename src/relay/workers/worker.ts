// A worker of a relay: it answers on the connections that its primary process hands to it, out of what that one tells it.
import type { Socket } from 'node:net';
import { unreachable } from '../../lib/unreachable.ts';
import type { RelayCore, Workers } from '../core.ts';
import type { DoorName } from '../door.ts';
import type { Tokens } from '../http/tokens.ts';
import type { Serving } from '../serving.ts';
import { ownUsage } from '../usage.ts';
import type { Channel } from './channel.ts';
import { takeCounts } from './counts.ts';
import { rereadEvents } from './events.ts';
import type { Gauges, SnapshotHead, ToWorker } from './messages.ts';
import { SnapshotReader } from './snapshot-wire.ts';
import type { Spread } from './spread.ts';

const REPORT_EVERY_MS = 1_000;
/** Connections that close are told of together. */
const TELL_OPEN_MS = 50;
/** How long spans and events may take to be sent when the worker ends. */
const FLUSH_MS = 500;

/** What its primary has told it last. */
export interface Standing {
  isStopping: boolean;
  workers: Workers;
}

export interface WorkerParts {
  serving: Serving;
  tokens: Tokens | undefined;
  channel: Channel;
  standing: Standing;
  spread: Spread;
}

export class Worker {
  readonly #core: RelayCore;
  readonly #serving: Serving;
  readonly #tokens: Tokens | undefined;
  readonly #channel: Channel;
  readonly #standing: Standing;
  readonly #spread: Spread;
  readonly #reader = new SnapshotReader();
  /** News are dealt with one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #reporting: Promise<void> = Promise.resolve();
  #isUp = false;
  #tellingOpen: NodeJS.Timeout | undefined;

  constructor(core: RelayCore, { serving, tokens, channel, standing, spread }: WorkerParts) {
    this.#core = core;
    this.#serving = serving;
    this.#tokens = tokens;
    this.#channel = channel;
    this.#standing = standing;
    this.#spread = spread;
    core.store.onSwap(({ before }) => {
      if (before) void core.counters.evaluations.catchUp(before.answers);
    });
    setInterval(() => this.#report(), REPORT_EVERY_MS).unref();
  }

  hear(message: Exclude<ToWorker, { type: 'start' }>, socket: Socket | undefined): void {
    switch (message.type) {
      case 'connection':
        this.#take(socket, message.door);
        break;
      case 'rows':
        this.#inTurn(() => this.#reader.add(message.rows));
        break;
      case 'snapshot':
        this.#inTurn(() => this.#serve(message));
        break;
      case 'spread':
        this.#inTurn(() => this.#spread.complete());
        break;
      case 'source':
        this.#inTurn(() => this.#learn(message));
        break;
      case 'tokens':
        this.#tokens?.replace(message.text);
        break;
      case 'reread':
        void rereadEvents(this.#core);
        break;
      case 'report':
        void this.#report(message.id);
        break;
      case 'answer':
        this.#channel.answered(message.id, message.answer);
        break;
      case 'drain':
        void this.#end(0);
        break;
      default:
        unreachable(message);
    }
  }

  /** Nobody looks after this process any more: those who are connected are answered, and told to close. */
  orphaned(): void {
    this.#core.log.error('the primary process is gone, so this worker ends');
    void this.#end(1);
  }

  #take(socket: Socket | undefined, door: DoorName): void {
    // Undefined where the client was gone before it got here.
    if (socket) {
      // Said over the channel, this does not come along: a client that has sent its request may close its side.
      socket.allowHalfOpen = true;
      this.#serving.take(socket, door);
      socket.once('close', () => this.#tellOpenSoon());
    }
    this.#tellOpen(true);
  }

  #inTurn(work: () => unknown): void {
    // What cannot be taken in ends the worker: the next one begins with the whole.
    this.#turn = this.#turn.then(work);
  }

  async #serve({
    head,
    removed,
    fromCache,
  }: {
    head: SnapshotHead;
    removed: readonly string[];
    fromCache: boolean;
  }) {
    const snapshot = await this.#reader.end(head, removed);
    const verdict = await this.#core.store.offer(snapshot, { fromCache, judged: true, isProven: true });
    if (verdict.type === 'refused') throw new Error(`revision ${head.revision} ${verdict.fault.message}`);
    await this.#channel.send({ type: 'serves' });
  }

  async #learn({ health, witness, workers }: Extract<ToWorker, { type: 'source' }>) {
    const core = this.#core;
    core.health.facts = health;
    if (witness) core.store.saw(witness);
    this.#standing.workers = workers;
    if (this.#isUp) return;
    this.#isUp = true;
    await this.#channel.send({ type: 'up' });
  }

  #tellOpen(took: boolean): void {
    clearTimeout(this.#tellingOpen);
    this.#tellingOpen = undefined;
    void this.#channel.send({
      type: 'open',
      connections: this.#serving.open('listen'),
      ...(took && { took }),
    });
  }

  #tellOpenSoon(): void {
    this.#tellingOpen ??= setTimeout(() => this.#tellOpen(false), TELL_OPEN_MS).unref();
  }

  /** Says all that was counted up to now, and how it stands. */
  #report(id?: number): Promise<void> {
    this.#reporting = this.#reporting.then(async () => {
      const { counters, store } = this.#core;
      await counters.evaluations.catchUp(store.served?.answers);
      for (const counts of takeCounts(counters)) await this.#channel.send({ type: 'counts', counts });
      const events = this.#core.events?.facts();
      await this.#channel.send({
        type: 'reported',
        gauges: this.#gauges(),
        ...(events && { events }),
        ...(id !== undefined && { id }),
      });
    });
    return this.#reporting;
  }

  #gauges(): Gauges {
    const { streams, open } = this.#serving;
    return {
      ...ownUsage(this.#core.telemetry),
      connections: open('listen'),
      requestsInFlight: this.#core.counters.requestsInFlight,
      streams: streams.size,
      streamQueueBytes: streams.bufferedBytes,
    };
  }

  async #end(code: number): Promise<void> {
    this.#standing.isStopping = true;
    await this.#serving.drain();
    await Promise.all([this.#core.events?.stop(FLUSH_MS), this.#core.telemetry?.stop(FLUSH_MS)]);
    await this.#report();
    process.exit(code);
  }
}
