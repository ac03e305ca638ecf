// A small collector that keeps what it is sent in memory, and answers as a test wants it to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Event, Exposure, TrackEvent } from '../../../src/model/event.ts';

/** What to answer: true has taken the events, and false leaves them unheard. */
export type Answer = (
  events: readonly Event[],
  response: ServerResponse,
  request: IncomingMessage,
) => boolean | Promise<boolean>;

export class TestCollector implements AsyncDisposable {
  readonly #server = createServer((request, response) => void this.#take(request, response));
  /** Every delivery that was taken, one after the other. */
  readonly batches: Event[][] = [];
  requests = 0;
  underWay = 0;
  mostUnderWay = 0;
  answer: Answer = taken;

  /** On a free port, or on that of one before it. */
  static async start(answer: Answer = taken, port = 0): Promise<TestCollector> {
    const collector = new TestCollector();
    collector.answer = answer;
    await new Promise<void>((resolve) => collector.#server.listen(port, '127.0.0.1', resolve));
    return collector;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All that was delivered, repetitions included. */
  get events(): Event[] {
    return this.batches.flat();
  }

  get ids(): Set<string> {
    return new Set(this.events.map(({ id }) => id));
  }

  get exposures(): Exposure[] {
    return this.events.filter((event) => event.type === 'exposure');
  }

  get tracks(): TrackEvent[] {
    return this.events.filter((event) => event.type === 'track');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    response.once('close', () => this.underWay--);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const events = gunzipSync(Buffer.concat(chunks))
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);
    if (await this.answer(events, response, request)) this.batches.push(events);
  }
}

export function taken(events: readonly Event[], response: ServerResponse): boolean {
  return takenBut([])(events, response);
}

/** Takes all that comes but what it refuses. */
export function takenBut(
  refused: readonly object[],
): (events: readonly Event[], response: ServerResponse) => boolean {
  return (events, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ counted: events.length - refused.length, duplicates: 0, refused }));
    return true;
  };
}

/** Refuses all that comes. */
export function refusing(status: number, headers: { [name: string]: string } = {}): Answer {
  return (_events, response) => {
    response.writeHead(status, headers).end('{}');
    return false;
  };
}
