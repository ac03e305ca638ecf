// Requests that are being received: how many at once, how much of each, and for how long.
import type { Counters } from '../counters.ts';
import { MOST_BYTES, TOO_LARGE } from './received.ts';
import { TOO_MANY, TOO_MANY_LARGE, TOO_SLOW } from './refusals.ts';
import type { Request } from './request.ts';
import type { CallFault } from './status.ts';

/** As on HTTP/1.1, where Node looks after it. */
const DEADLINE_MS = 15_000;
const SWEEP_MS = 2_000;
/** The envelope is not the message. */
const MOST_BODY_BYTES = MOST_BYTES + 5;
/** What is kept of all bodies that are under way: a slow one is kept as far as it has come. As on HTTP. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

interface Arrival {
  sinceMs: number;
  sizeBytes: number;
  fail: (fault: CallFault) => void;
}

/**
 * Bounds the requests in flight, over all protocols; one too many is refused at once, so that those inside stay fast. A
 * request is in flight until it has arrived, since it is answered in the same instant.
 */
export class Arrivals {
  readonly #most: number;
  readonly #counters: Counters;
  readonly #underWay = new Set<Arrival>();
  readonly #sweep: NodeJS.Timeout;
  #keptBytes = 0;

  constructor(most: number, counters: Counters) {
    this.#most = most;
    this.#counters = counters;
    this.#sweep = setInterval(() => this.#failOverdue(), SWEEP_MS).unref();
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  /** Calls back once: with the body when it has arrived whole, or with why it was not waited for. Not at all where the client goes away. */
  receive(request: Request, whole: (body: Buffer) => void, refused: (fault: CallFault) => void): void {
    if (this.#counters.requestsInFlight >= this.#most) {
      this.#counters.refusedRequests.add('too_many');
      refused(TOO_MANY);
      return;
    }
    const chunks: Buffer[] = [];
    const arrival = {
      sinceMs: performance.now(),
      sizeBytes: 0,
      fail: (fault: CallFault) => {
        this.#land(arrival);
        request.off('data', read).resume();
        refused(fault);
      },
    };
    const read = (chunk: Buffer) => {
      arrival.sizeBytes += chunk.length;
      this.#keptBytes += chunk.length;
      chunks.push(chunk);
      if (arrival.sizeBytes > MOST_BODY_BYTES) arrival.fail(TOO_LARGE);
      else if (this.#keptBytes > MOST_KEPT_BYTES) {
        this.#counters.refusedRequests.add('too_many');
        arrival.fail(TOO_MANY_LARGE);
      }
    };
    this.#underWay.add(arrival);
    this.#counters.requestsInFlight++;
    request.on('data', read);
    request.once('end', () => {
      if (this.#land(arrival)) whole(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.once('close', () => this.#land(arrival));
  }

  /** False where it has landed before. */
  #land(arrival: Arrival): boolean {
    if (!this.#underWay.delete(arrival)) return false;
    this.#counters.requestsInFlight--;
    this.#keptBytes -= arrival.sizeBytes;
    return true;
  }

  #failOverdue(): void {
    const oldestMs = performance.now() - DEADLINE_MS;
    for (const { sinceMs, fail } of this.#underWay) {
      // They are in the order in which they began.
      if (sinceMs > oldestMs) return;
      fail(TOO_SLOW);
    }
  }
}
