// The streams of events, by which providers that keep answers learn which of them to forget.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Ruleset } from '../../engine/compile.ts';
import { Alarm } from '../alarm.ts';
import type { RelayCore } from '../core.ts';
import type { Swap } from '../snapshot-store.ts';
import { type Codec, envelop, type Framing } from './framing.ts';
import { EventStreamResponseSchema } from './gen/flagd/evaluation/v2/evaluation_pb.ts';
import type { Response } from './request.ts';
import { CallFault } from './status.ts';

/** As often as flagd does. */
const KEEP_ALIVE_MS = 20_000;
const MOST_STREAMS = 1_000;
/** What may wait for a client that does not read; the next event after that drops it. */
const MOST_BUFFERED_BYTES = 128 * 1024;

const TOO_MANY = new CallFault('unavailable', 'Too many streams are open.', 5);
/** Providers connect anew after an error alone, and forget then what they kept; an end without one would leave them with it. */
const STOPPING = new CallFault('unavailable', 'The relay is stopping.');

const OVERDUE = new CallFault('deadline_exceeded', 'The time that the call gave is over.');

interface Client {
  framing: Framing;
  response: Response;
}

/** `write` for a flag that is new, `delete` for one that is gone: flagd's words. */
type Changes = { [flag: string]: { type: 'write' | 'update' | 'delete' } };

export class EventStreams {
  readonly #core: RelayCore;
  readonly #clients = new Set<Client>();
  readonly #alarm: Alarm;
  readonly #keepAlive: NodeJS.Timeout;
  readonly #forget: () => void;
  #isClosed = false;

  constructor(core: RelayCore, keepAliveMs = KEEP_ALIVE_MS) {
    this.#core = core;
    this.#forget = (core.spread ?? core.store).onSwap((swap) => this.#publish(swap));
    this.#alarm = new Alarm(core, () => this.#tellOfTime());
    this.#keepAlive = setInterval(() => this.#send(() => eventOf('keep_alive')), keepAliveMs).unref();
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Bytes that wait for clients. */
  get bufferedBytes(): number {
    let sum = 0;
    for (const { response } of this.#clients) sum += response.writableLength;
    return sum;
  }

  /** Opens a stream, for so long at most. Throws a CallFault where there is no place for one. */
  open(framing: Framing, response: Response, timeoutMs?: number): void {
    if (this.#isClosed) throw STOPPING;
    if (this.#clients.size >= MOST_STREAMS) {
      this.#core.counters.refusedRequests.add('too_many');
      throw TOO_MANY;
    }
    const client = { framing, response };
    this.#clients.add(client);
    const deadline =
      timeoutMs === undefined ? undefined : setTimeout(() => this.#end(client, OVERDUE), timeoutMs).unref();
    response.once('close', () => {
      clearTimeout(deadline);
      this.#clients.delete(client);
    });
    framing.open(response);
    // A provider is ready when its calls will be answered, and not before.
    const first = this.#core.store.served ? 'provider_ready' : 'keep_alive';
    response.write(eventOf(first)[framing.codec]());
  }

  /** Ends every stream, and opens none any more. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#keepAlive);
    this.#alarm.close();
    this.#forget();
    for (const client of this.#clients) this.#end(client, STOPPING);
  }

  #end(client: Client, why: CallFault): void {
    if (this.#clients.delete(client)) client.framing.close(client.response, why);
  }

  #publish({ before, served, flags }: Swap): void {
    if (!before) {
      this.#send(() => eventOf('provider_ready'));
      return;
    }
    const typeOf = (flag: string) => {
      if (!before.ruleset.flags.has(flag)) return 'write';
      return served.ruleset.flags.has(flag) ? 'update' : 'delete';
    };
    this.#tell(Object.fromEntries(flags.map((flag) => [flag, { type: typeOf(flag) }])));
  }

  /** What depends on the time may answer differently from now on. */
  #tellOfTime(): void {
    const { served } = this.#core.store;
    if (!served) return;
    const flags = [...flagsOfTime(served.ruleset)];
    this.#tell(Object.fromEntries(flags.map((flag) => [flag, { type: 'update' }])));
  }

  #tell(flags: Changes): void {
    if (Object.keys(flags).length === 0) return;
    const event = eventOf('configuration_change', { flags });
    this.#send(() => event);
  }

  #send(event: () => Event): void {
    if (this.#clients.size === 0) return;
    const { proto, json } = event();
    const texts: { [codec in Codec]?: Buffer } = {};
    for (const client of this.#clients) {
      const { framing, response } = client;
      if (response.writableLength > MOST_BUFFERED_BYTES) {
        this.#core.counters.streamsDropped++;
        this.#clients.delete(client);
        response.destroy();
      } else {
        const text = texts[framing.codec] ?? (framing.codec === 'json' ? json() : proto());
        texts[framing.codec] = text;
        response.write(text);
      }
    }
  }
}

/** An event, written in an envelope when someone wants it so. */
type Event = { [codec in Codec]: () => Buffer };

function eventOf(type: string, data?: { flags: Changes }): Event {
  return {
    proto: () => {
      const message = create(EventStreamResponseSchema, { type, ...(data && { data }) });
      return envelop(toBinary(EventStreamResponseSchema, message));
    },
    json: () => envelop(Buffer.from(JSON.stringify({ type, data }))),
  };
}

/** The flags in whose answers the time has a say, and those that require one of these. */
function flagsOfTime({ scheduled, flags }: Ruleset): Set<string> {
  const users = new Map<string, string[]>();
  for (const { key, requirements } of flags.values()) {
    for (const { key: required } of requirements) users.set(required, [...(users.get(required) ?? []), key]);
  }
  const found = new Set(scheduled.map(({ key }) => key));
  // A Set's iteration also visits what is added on the way.
  for (const key of found) for (const user of users.get(key) ?? []) found.add(user);
  return found;
}
