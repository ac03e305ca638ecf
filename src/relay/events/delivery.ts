// Delivers what waits to the collector: one batch at a time, the oldest first, again and again until it is taken.
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { httpPost } from '../../io/http.ts';
import { within } from '../../io/lifecycle.ts';
import type { Logger } from '../../io/log.ts';
import { Wake } from '../../io/wake.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { CountBy } from '../counters.ts';
import type { EventFault } from '../events.ts';
import type { CollectorToken } from './address.ts';
import { type FaultCode, type RefusedByCode, type Verdict, verdictOn } from './answer.ts';
import type { Backlog, Batch } from './backlog.ts';

const MOST_EVENTS = 5_000;
const MOST_BYTES = 1024 * 1024;
/** What comes within that goes together. */
const LINGER_MS = 500;
/** What nobody was told of is found by then. */
const LOOK_MS = 5_000;
/** A collector under load may take its time. */
const DEADLINE_MS = 30_000;
const PAUSE = { baseMs: 500, capMs: 30_000 };
const TELL_AGAIN_MS = 60_000;
/** More kinds of refusals would burden whoever counts them. */
const MOST_WORDS = 20;
/** What it takes to break off. */
const LATE_MS = 100;
const LINE_END = 0x0a;
const packed = promisify(gzip);

export interface DeliveryOptions {
  url: URL;
  token: Pick<CollectorToken, 'current' | 'reload'>;
  backlog: Backlog;
  log: Logger;
  now: () => number;
  random?: () => number;
  /** Called with what became of events. */
  counts: {
    delivered(events: number): void;
    refused(code: string, events: number): void;
    fault(code: FaultCode): void;
  };
}

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #arrival = new Wake();
  readonly #hurry = new AbortController();
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #failures = 0;
  /** When it was last said that the collector refuses events. */
  #toldMs = Number.NEGATIVE_INFINITY;
  /** The collector's, for what it refuses. */
  readonly #words = new Set<string>();
  fault: EventFault | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Something waits to be delivered. */
  arrived(): void {
    this.#arrival.ring();
  }

  /** Delivers what waits, at once, but for no longer than that. Never rejects. */
  async stop(withinMs: number): Promise<void> {
    this.#hurry.abort();
    const late = setTimeout(() => this.#end.abort(), withinMs);
    // A disk that hangs is not waited for.
    await within(withinMs + LATE_MS, this.#running);
    clearTimeout(late);
  }

  async #run(): Promise<void> {
    const { backlog } = this.#options;
    while (!this.#end.signal.aborted) {
      const batch = await backlog.next(MOST_EVENTS, MOST_BYTES);
      if (batch) {
        if (await this.#deliver(batch.lines, batch.count)) await backlog.delivered();
        if (this.#isBehind(batch)) continue;
      } else if (this.#hurry.signal.aborted) return;
      else await this.#arrival.heard(LOOK_MS, this.#hurry.signal);
      await sleep(LINGER_MS, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
    }
  }

  /** More waits, most likely, or has waited long enough for others to go with it. */
  #isBehind({ lines, count }: Batch): boolean {
    const { backlog, now } = this.#options;
    const isLate = now() - (backlog.oldestAtMs ?? Number.POSITIVE_INFINITY) > LINGER_MS;
    return isLate || lines.length > MOST_BYTES / 2 || count > MOST_EVENTS / 2;
  }

  /** Sends until it is taken. False where the time is over before. */
  async #deliver(lines: Buffer, count: number): Promise<boolean> {
    const body = await packed(lines, { level: 1 });
    while (!this.#end.signal.aborted) {
      const verdict = await this.#send(body, count);
      if (verdict.type === 'taken') {
        this.#taken(count, verdict.refused);
        return true;
      }
      if (verdict.type === 'too-large') return this.#deliverHalves(lines, count);
      // What is cut off at the end is nobody's fault.
      if (!this.#end.signal.aborted) await this.#wait(verdict);
    }
    return false;
  }

  /** One event that is too large by itself is given up. */
  async #deliverHalves(lines: Buffer, count: number): Promise<boolean> {
    if (count <= 1) {
      this.#taken(count, new Map([['too-large', count]]));
      return true;
    }
    const half = Math.floor(count / 2);
    let middle = 0;
    for (let line = 0; line < half; line++) middle = lines.indexOf(LINE_END, middle) + 1;
    const isFirstTaken = await this.#deliver(lines.subarray(0, middle), half);
    return isFirstTaken && this.#deliver(lines.subarray(middle), count - half);
  }

  async #send(body: Buffer, count: number): Promise<Verdict> {
    const { url, token } = this.#options;
    try {
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        ...(token.current !== undefined && { authorization: `Bearer ${token.current}` }),
      };
      const { signal } = this.#end;
      return verdictOn(await httpPost(url, { headers, body, signal, deadlineMs: DEADLINE_MS }), count);
    } catch (error) {
      return { type: 'fault', code: 'http', message: (error as Error).message };
    }
  }

  #taken(count: number, said: RefusedByCode): void {
    const { counts, log } = this.#options;
    let delivered = count;
    const refused = new CountBy<string>();
    for (const [code, events] of said) refused.add(this.#word(code), events);
    for (const [code, events] of refused) {
      counts.refused(code, events);
      delivered -= events;
    }
    counts.delivered(delivered);
    // An app that tracks what no metric reads does so all the time.
    if (refused.size > 0 && performance.now() - this.#toldMs > TELL_AGAIN_MS) {
      this.#toldMs = performance.now();
      log.warn({ events: Object.fromEntries(refused) }, 'the collector refuses events');
    }
    this.#failures = 0;
    if (this.fault) log.info('events are delivered again');
    this.fault = undefined;
  }

  #word(code: string): string {
    if (this.#words.size < MOST_WORDS) this.#words.add(code);
    return this.#words.has(code) ? code : 'other';
  }

  async #wait({ code, message, waitMs }: Extract<Verdict, { type: 'fault' }>): Promise<void> {
    const { counts, token, log, now, random = Math.random } = this.#options;
    counts.fault(code);
    if (this.fault?.code !== code) {
      this.fault = { code, message, atMs: now() };
      log.warn({ code, reason: message }, 'events are not delivered');
    }
    const pauseMs = backoffMs(++this.#failures, random(), PAUSE);
    // It may be another one by now.
    if (code === 'token') await token.reload().catch(() => undefined);
    // A fleet that was told one time comes back over a while.
    const restMs = waitMs === undefined ? pauseMs : waitMs * (1 + random() / 4);
    await sleep(Math.max(restMs, pauseMs), undefined, { signal: this.#end.signal }).catch(() => undefined);
  }
}
