// The load generator of the HTTP bench: keep-alive connections on plain sockets, so that it costs less than what it measures.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request, ready to be sent again and again: a POST with a body of JSON, or a GET without. */
export function requestBytes(path: string, body?: string, headers: readonly string[] = []): Buffer {
  const head = [`${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`, 'Host: localhost', ...headers];
  if (body !== undefined)
    head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

const ACCEPTING_MS = 20;
const ANSWERED_WITHIN_MS = 5_000;

/** A connection that has one request under way at a time. */
export class Connection {
  readonly #socket: Socket;
  readonly #next: () => Buffer;
  readonly #onAnswer: (connection: Connection) => void;
  readonly connected: Promise<unknown>;
  /** Bytes of the answer's body that are still to come; -1 while its head is awaited. */
  #missing = -1;
  #head = '';
  /** When the request under way was due, in milliseconds. */
  dueMs = 0;

  constructor(port: number, next: () => Buffer, onAnswer: (connection: Connection) => void) {
    this.#next = next;
    this.#onAnswer = onAnswer;
    this.#socket = connect(port, '127.0.0.1');
    this.connected = once(this.#socket, 'connect');
    this.#socket.setNoDelay(true).on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', (error) => {
      throw error;
    });
  }

  send(dueMs: number): void {
    this.dueMs = dueMs;
    this.#socket.write(this.#next());
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    let bodyBytes = bytes.length;
    if (this.#missing < 0) {
      this.#head += bytes.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(this.#head) ?? [];
      const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(this.#head.slice(0, end + 2)) ?? [];
      if (status !== '304' && (status !== '200' || !length)) throw new Error(`expected 200: ${this.#head}`);
      this.#missing = Number(length ?? 0);
      bodyBytes = this.#head.length - end - 4;
      this.#head = '';
    }
    this.#missing -= bodyBytes;
    if (this.#missing > 0) return;
    this.#missing = -1;
    this.#onAnswer(this);
  }
}

/** Resolves when the server has accepted them all, so that this is no part of what is measured. */
export async function accepted(connections: readonly Connection[]): Promise<void> {
  await Promise.all(connections.map(({ connected }) => connected));
  await sleep(ACCEPTING_MS);
}

export interface Load {
  answers: number;
  seconds: number;
  /** From when each request was due to its whole answer, in microseconds, sorted. */
  latencies: Float64Array;
}

/** The same again and again, or what comes next, whichever connection is free. */
type Requests = Buffer | (() => Buffer);

/** Each in turn, and from the first one again. */
export function inTurn(requests: readonly Buffer[]): () => Buffer {
  let sent = 0;
  return () => requests[sent++ % requests.length] as Buffer;
}

/** As many requests as the connections can: each sends the next one when it has its answer. The warm-up does not count. */
export async function closedLoop(
  port: number,
  requests: Requests,
  connections: number,
  ms: number,
  warmUpMs = 0,
): Promise<Load> {
  const latencies: number[] = [];
  let ended = false;
  const next = Buffer.isBuffer(requests) ? () => requests : requests;
  const all = Array.from({ length: connections }, () => {
    return new Connection(port, next, (connection) => {
      const now = performance.now();
      latencies.push((now - connection.dueMs) * 1_000);
      if (!ended) connection.send(now);
    });
  });
  await accepted(all);
  let start = performance.now();
  for (const connection of all) connection.send(start);
  if (warmUpMs > 0) {
    await sleep(warmUpMs);
    latencies.length = 0;
    start = performance.now();
  }
  await sleep(ms);
  ended = true;
  const seconds = (performance.now() - start) / 1_000;
  for (const connection of all) connection.close();
  return { answers: latencies.length, seconds, latencies: Float64Array.from(latencies).sort() };
}

/**
 * Requests at a fixed rate, whether answers come or not; one that finds no connection free waits, and its wait counts. The
 * warm-up does not.
 */
export async function openLoop(
  port: number,
  requests: Requests,
  perSecond: number,
  ms: number,
  warmUpMs = 0,
): Promise<Load> {
  const latencies: number[] = [];
  const idle: Connection[] = [];
  const due: number[] = [];
  const next = Buffer.isBuffer(requests) ? () => requests : requests;
  const all = Array.from({ length: 64 }, () => {
    return new Connection(port, next, (connection) => {
      if (connection.dueMs >= start) latencies.push((performance.now() - connection.dueMs) * 1_000);
      const dueMs = due.shift();
      if (dueMs === undefined) idle.push(connection);
      else connection.send(dueMs);
    });
  });
  idle.push(...all);
  await accepted(all);
  const first = performance.now();
  const start = first + warmUpMs;
  let sent = 0;
  await new Promise<void>((resolve) => {
    const tick = () => {
      const now = performance.now();
      for (; first + (sent * 1_000) / perSecond <= now; sent++) {
        const at = first + (sent * 1_000) / perSecond;
        const connection = idle.pop();
        if (connection) connection.send(at);
        else due.push(at);
      }
      // Spinning through the event loop keeps the rate to microseconds; a timer would keep it to milliseconds.
      if (now - start < ms) setImmediate(tick);
      else resolve();
    };
    tick();
  });
  const end = performance.now() + ANSWERED_WITHIN_MS;
  while (idle.length < all.length && performance.now() < end) await sleep(1);
  for (const connection of all) connection.close();
  return { answers: latencies.length, seconds: ms / 1_000, latencies: Float64Array.from(latencies).sort() };
}

/** Of the latencies of several loads together. */
export function pooled(latencies: readonly Float64Array[], share: number): number {
  return percentile(Float64Array.from(latencies.flatMap((each) => [...each])).sort(), share);
}

export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
