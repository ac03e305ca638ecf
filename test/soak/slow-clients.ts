// Clients that are slow or silent on purpose, and come again whenever the relay has had enough of them.
import { connect, type Socket } from 'node:net';

const POST =
  'POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const BULK = `${POST}Content-Length: 14\r\n\r\n{"context":{}}`;

/** What each kind does when it is connected, and then every second. */
const KINDS: { count: number; begin: (socket: Socket) => void; tick: (socket: Socket) => void }[] = [
  // Slow headers, a byte a second.
  {
    count: 40,
    begin: (socket) => void socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nX: '),
    tick: (socket) => void socket.write('x'),
  },
  // Slow bodies.
  {
    count: 40,
    begin: (socket) => void socket.write(`${POST}Content-Length: 500\r\n\r\n{`),
    tick: (socket) => void socket.write(' '),
  },
  // Half open: connected, and silent for ever.
  { count: 100, begin: () => undefined, tick: () => undefined },
  // Answers that nobody reads.
  {
    count: 10,
    begin: (socket) => void socket.pause(),
    tick: (socket) => {
      if (socket.writableLength < 100_000) socket.write(BULK.repeat(5));
    },
  },
  // Streams that nobody reads, and streams that are read.
  {
    count: 40,
    begin: (socket) => void socket.pause().write('GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    tick: () => undefined,
  },
  {
    count: 40,
    begin: (socket) => void socket.resume().write('GET /ofrep/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    tick: () => undefined,
  },
];

export class SlowClients implements Disposable {
  readonly #port: number;
  readonly #sockets = new Map<Socket, (socket: Socket) => void>();
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  /** How often the relay has ended one of them. */
  ended = 0;

  constructor(port: number) {
    this.#port = port;
    for (const kind of KINDS) for (let at = 0; at < kind.count; at++) this.#open(kind);
    // A tenth of them at a time: all at once would be a burst of calls, which is another matter.
    let turn = 0;
    this.#timer = setInterval(() => {
      turn++;
      let at = 0;
      for (const [socket, tick] of this.#sockets)
        if ((at++ + turn) % 10 === 0 && socket.writable) tick(socket);
    }, 100);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #open(kind: (typeof KINDS)[number]): void {
    const socket = connect(this.#port, '127.0.0.1');
    this.#sockets.set(socket, kind.tick);
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#isOver) return;
      this.ended++;
      setTimeout(() => this.#isOver || this.#open(kind), 500).unref();
    });
    kind.begin(socket);
  }
}
