// Server-sent events: who listens, what they are told after a swap, and that a slow one is dropped instead of waited for.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Alarm } from '../alarm.ts';
import type { RelayCore } from '../core.ts';
import type { Counters } from '../counters.ts';
import type { SnapshotStore, Swap } from '../snapshot-store.ts';
import { RequestFault } from './errors.ts';
import type { Handler } from './handler.ts';

const HEARTBEAT_MS = 15_000;
const MOST_CLIENTS = 1_000;
/** What may wait for a client that does not read; the next event after that drops it. */
const MOST_BUFFERED_BYTES = 128 * 1024;
/** Swaps that are remembered for clients that come back. */
const MOST_REMEMBERED = 256;
/** A client evaluates before it opens its first stream, so what changed so shortly before may be new to it. */
const OPENING_MS = 10_000;
/** An event that names more flags than this says `all` instead. */
const MOST_NAMED = 500;

const RETRY = { 'retry-after': '5' };

interface Event {
  id: string;
  data: object;
}

interface Remembered extends Event {
  /** The event before: a client that has seen that one lacks this one. */
  after: string | undefined;
}

type Kind = 'changes' | 'ofrep';
type Client = { kind: Kind; response: FastifyReply['raw'] };

/** Streams of another protocol. */
export interface OtherStreams {
  readonly size: number;
  readonly bufferedBytes: number;
  close(): void;
}

export class Streams {
  readonly #store: SnapshotStore;
  readonly #counters: Counters;
  readonly #alarm: Alarm;
  readonly #clients = new Set<Client>();
  #others: OtherStreams | undefined;
  readonly #remembered: Remembered[] = [];
  readonly #heartbeat: NodeJS.Timeout;
  readonly #now: () => number;
  /** When clients were told last that answers have changed. */
  #toldMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(core: Pick<RelayCore, 'store' | 'spread' | 'counters' | 'now'>, heartbeatMs = HEARTBEAT_MS) {
    this.#store = core.store;
    this.#counters = core.counters;
    this.#now = core.now;
    (core.spread ?? core.store).onSwap((swap) => this.#publish(swap));
    this.#alarm = new Alarm(core, () => this.#refetch());
    this.#heartbeat = setInterval(() => this.#send(() => ':\n\n'), heartbeatMs).unref();
  }

  /** Counts others with these from now on, and ends them with these. */
  alongside(others: OtherStreams): void {
    this.#others = others;
  }

  get size(): number {
    return this.#clients.size + (this.#others?.size ?? 0);
  }

  /** Bytes that wait for clients. */
  get bufferedBytes(): number {
    let sum = this.#others?.bufferedBytes ?? 0;
    for (const { response } of this.#clients) sum += response.writableLength;
    return sum;
  }

  /** `GET /v1/stream`: `ready` with what is served, then `change` after each swap, with the flags that may answer anew. */
  readonly changes: Handler = (request, reply) => this.#open('changes', request, reply);

  /** `GET /ofrep/v1/events`: tells OFREP clients to evaluate again. */
  readonly ofrep: Handler = (request, reply) => this.#open('ofrep', request, reply);

  /** Ends every stream, and opens none any more. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    this.#alarm.close();
    for (const { response } of this.#clients) response.end();
    this.#clients.clear();
    this.#others?.close();
  }

  #open(kind: Kind, request: FastifyRequest, reply: FastifyReply): void {
    if (this.#isClosed) throw new RequestFault(503, 'GENERAL', 'The relay is stopping.', RETRY);
    if (this.#clients.size >= MOST_CLIENTS) {
      this.#counters.refusedRequests.add('too_many');
      throw new RequestFault(503, 'GENERAL', 'Too many streams are open.', RETRY);
    }
    const response = reply.hijack().raw;
    response.writeHead(200, {
      ...(reply.getHeaders() as { [name: string]: string }),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const client = { kind, response };
    this.#clients.add(client);
    response.once('close', () => this.#clients.delete(client));
    response.on('error', () => this.#clients.delete(client));
    response.write(this.#greeting(kind, lastEventId(request)));
  }

  /** What a client is told at once: where things stand, and what it missed since the event that it saw last. */
  #greeting(kind: Kind, seen: string | undefined): string {
    const served = this.#store.served;
    const retry = 'retry: 1000\n\n';
    if (!served) return retry;
    const now = idOf(served.snapshot);
    const missed = seen === undefined || seen === now ? [] : this.#since(seen, now);
    if (kind === 'ofrep') {
      // Its id does not tell what the clock has changed since.
      const mayLack =
        seen === undefined ? this.#now() < this.#toldMs + OPENING_MS : served.ruleset.scheduled.length > 0;
      const outdated = missed.length > 0 || mayLack;
      // A first connection is told its place too: `id` alone sets Last-Event-ID without an event.
      return `${retry}${outdated ? refetch(now) : `id: ${now}\n\n`}`;
    }
    const { revision, commit, digest } = served.snapshot;
    const ready = format('ready', { id: now, data: { revision, commit, digest } });
    return retry + missed.map((event) => format('change', event)).join('') + ready;
  }

  #since(seen: string, now: string): Event[] {
    const at = this.#remembered.findIndex((event) => event.after === seen);
    if (at >= 0) return this.#remembered.slice(at);
    const { revision, commit, digest } = (this.#store.served as NonNullable<SnapshotStore['served']>)
      .snapshot;
    return [{ id: now, data: { revision, commit, digest, all: true } }];
  }

  #publish({ before, served, flags }: Swap): void {
    const { revision, commit, digest } = served.snapshot;
    // Before the first snapshot nobody had answers.
    if (before && flags.length > 0) this.#toldMs = this.#now();
    const named = before && flags.length <= MOST_NAMED ? { flags } : { all: true };
    const id = idOf(served.snapshot);
    const event = {
      id,
      data: { revision, commit, digest, ...named },
      after: before && idOf(before.snapshot),
    };
    this.#remembered.push(event);
    if (this.#remembered.length > MOST_REMEMBERED) this.#remembered.shift();
    const text = {
      changes: format('change', event),
      ofrep: flags.length > 0 ? refetch(id) : `id: ${id}\n\n`,
    };
    this.#send((kind) => text[kind]);
  }

  /** Answers have changed with time. Who listens to changes evaluates by itself, and has a clock too. */
  #refetch(): void {
    const { served } = this.#store;
    this.#toldMs = this.#now();
    if (served) this.#send((kind) => (kind === 'ofrep' ? refetch(idOf(served.snapshot)) : ''));
  }

  #send(textFor: (kind: Kind) => string): void {
    for (const client of this.#clients) {
      if (client.response.writableLength > MOST_BUFFERED_BYTES) {
        this.#counters.streamsDropped++;
        this.#clients.delete(client);
        client.response.destroy();
      } else {
        client.response.write(textFor(client.kind));
      }
    }
  }
}

/** The same for every relay and every start, so that a client may come back to another one. */
function idOf({ revision, digest }: { revision: number; digest: string }): string {
  return `${revision}-${digest.slice(0, 16)}`;
}

function format(type: string, { id, data }: Event): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function refetch(id: string): string {
  return format('message', { id, data: { type: 'refetchEvaluation', etag: id } });
}

function lastEventId(request: FastifyRequest): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
