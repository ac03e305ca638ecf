// Connections that wait for a worker: each goes to the one that has the fewest, as soon as that one has time.
import type { Socket } from 'node:net';
import type { DoorName } from '../door.ts';
import type { WorkerProcess } from './worker-process.ts';

/** An event loop that is well takes a connection in less. */
const PATIENCE_MS = 50;
/** How many looks a connection waits. */
const MOST_LOOKS = 10;

interface Waiting {
  socket: Socket;
  door: DoorName;
  looks: number;
}

export class WaitingLine {
  /** Those who take connections. */
  readonly #workers: () => WorkerProcess[];
  #waiting: Waiting[] = [];
  #patience: NodeJS.Timeout | undefined;

  constructor(workers: () => WorkerProcess[]) {
    this.#workers = workers;
  }

  get length(): number {
    return this.#waiting.length;
  }

  take(socket: Socket, door: DoorName): void {
    this.#waiting.push({ socket, door, looks: 0 });
    this.handOut();
  }

  /** Each worker is given one at a time; for the one that has the fewest, a connection waits a moment, but no longer. */
  handOut(): void {
    clearTimeout(this.#patience);
    while (this.#waiting.length > 0) {
      const byConnections = this.#workers().sort((a, b) => a.connections - b.connections);
      const free = byConnections.find(({ takingSinceMs }) => takingSinceMs === undefined);
      if (!free) return;
      const { takingSinceMs: sinceMs = Number.NEGATIVE_INFINITY } = byConnections[0] ?? {};
      if (performance.now() - sinceMs < PATIENCE_MS) {
        this.#patience = setTimeout(() => this.handOut(), PATIENCE_MS).unref();
        return;
      }
      const { socket, door } = this.#waiting.shift() as Waiting;
      free.hand(socket, door);
    }
  }

  /** Called once a second: closes those who have waited for too long, and returns how many these were. */
  look(): number {
    for (const waiting of this.#waiting) waiting.looks++;
    const overdue = this.#waiting.filter(({ looks }) => looks > MOST_LOOKS);
    this.#waiting = this.#waiting.filter(({ looks }) => looks <= MOST_LOOKS);
    for (const { socket } of overdue) socket.destroy();
    return overdue.length;
  }

  /** Closes all that wait. */
  clear(): void {
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
  }
}
