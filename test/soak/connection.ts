// A keep-alive connection of the soak's load: one call under way at a time, and connected anew where it was ended.
import { connect, type Socket } from 'node:net';
import type { Call } from './calls.ts';

export interface Outcome {
  call: Call;
  /** When the call was due, by `performance.now()`. */
  dueMs: number;
  /** The status and body, or what went wrong. */
  status: number;
  text: string;
}

export function requestOf({ path, body }: Call): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  return Buffer.from(`${head}\r\n\r\n${body}`);
}

export class Connection {
  readonly #port: number;
  readonly #onOutcome: (outcome: Outcome, connection: Connection) => void;
  #socket: Socket;
  #under: { call: Call; dueMs: number } | undefined;
  #parts: Buffer[] = [];
  #isClosed = false;

  constructor(port: number, onOutcome: (outcome: Outcome, connection: Connection) => void) {
    this.#port = port;
    this.#onOutcome = onOutcome;
    this.#socket = this.#open();
  }

  send(call: Call, request: Buffer, dueMs: number): void {
    this.#under = { call, dueMs };
    this.#socket.write(request);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (bytes) => this.#read(bytes));
    let why = 'ended';
    socket.on('error', (error) => {
      why = error.message;
    });
    socket.on('close', () => {
      if (this.#isClosed) return;
      this.#socket = this.#open();
      this.#tell(0, why);
    });
    return socket;
  }

  #read(bytes: Buffer): void {
    this.#parts.push(bytes);
    const all = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    const end = all.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (all.length < end + 4 + length) return;
    this.#tell(Number(head.slice(9, 12)), all.toString('utf8', end + 4, end + 4 + length));
  }

  #tell(status: number, text: string): void {
    const under = this.#under;
    this.#under = undefined;
    this.#parts = [];
    if (under) this.#onOutcome({ ...under, status, text }, this);
  }
}
