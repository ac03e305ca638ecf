// An address at which connections are taken, over TCP or on a Unix socket. What answers on them stands elsewhere.
import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Address } from '../io/address.ts';
import { UsageError } from '../lib/errors.ts';
import type { RelayCore } from './core.ts';
import { listenOnSocket, removeSocket, type SocketFile } from './socket-file.ts';

/** Named as the options are that open them. */
export type DoorName = 'listen' | 'socket' | 'grpc' | 'probe-listen';

/** How long connections are taken that have been waiting when the relay was told to stop. */
const ACCEPT_MS = 1_000;
const SAY_AGAIN_MS = 10_000;

export interface DoorOptions {
  name: DoorName;
  at: Address | { path: string };
  /** Connections are handed to another process, so nothing is read of them here. */
  handsOn: boolean;
  take: (socket: Socket) => void;
}

export class Door {
  readonly name: DoorName;
  /** `http://127.0.0.1:8016`, or `unix:/run/halyard.sock`. */
  readonly url: string;
  readonly #server: Server;
  readonly #file: SocketFile | undefined;

  private constructor(name: DoorName, url: string, server: Server, file?: SocketFile) {
    this.name = name;
    this.url = url;
    this.#server = server;
    this.#file = file;
  }

  /** Takes connections from now on. Throws a UsageError for an address that cannot be had. */
  static async open(core: RelayCore, { name, at, handsOn, take }: DoorOptions): Promise<Door> {
    // As HTTP's own servers are: a client that has sent its request may close its side.
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: handsOn }, take);
    const file = 'path' in at ? await listenOnSocket(server, at.path) : undefined;
    if ('host' in at) await listenOnPort(server, at, `--${name}`);
    server.on('error', notTaken(core, name));
    const url = 'path' in at ? `unix:${at.path}` : urlOf(server, at);
    return new Door(name, url, server, file);
  }

  /** Takes those who have connected already, and nobody after that. Connections that are open stay open. */
  async close(): Promise<void> {
    await acceptWaiting(this.#server);
    this.#server.close();
    if (this.#file) await removeSocket(this.#file);
  }
}

/** One connection could not be taken (too many files are open, say); the next one may be. Said once in a while. */
function notTaken({ counters, log }: RelayCore, door: DoorName): (error: Error) => void {
  let saidMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    counters.connectionsDropped++;
    if (performance.now() - saidMs < SAY_AGAIN_MS) return;
    saidMs = performance.now();
    log.warn({ error, door }, 'a connection could not be taken');
  };
}

async function listenOnPort(server: Server, { host, port }: Address, option: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = `${option} ${host.includes(':') ? `[${host}]` : host}:${port}`;
    const why =
      code === 'EADDRINUSE'
        ? 'is in use. Stop what listens there, or choose another port.'
        : `cannot be listened on (${code}).`;
    throw new UsageError(`${where} ${why}`, { cause: error });
  }
}

function urlOf(server: Server, { host }: Address): string {
  const { port } = server.address() as { port: number };
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * A client that has connected may still stand in the system's queue, of which a turn of the event loop takes one or
 * some; closing the server would reset the rest. Ends when a turn finds none, or the time is over.
 */
async function acceptWaiting(server: Server): Promise<void> {
  const end = performance.now() + ACCEPT_MS;
  let found = true;
  const onConnection = () => {
    found = true;
  };
  server.on('connection', onConnection);
  while (found && performance.now() < end) {
    found = false;
    await turn(); // the rest of this turn
    await turn(); // a whole one
  }
  server.off('connection', onConnection);
}
