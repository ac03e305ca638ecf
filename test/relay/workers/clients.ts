// Clients as apps have them, which ask as fast as they can over connections that stay open, and say how each one ended.
import { Agent, request as nodeRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Pool } from 'undici';

/** `http://127.0.0.1:8016`, or the path of a socket. */
export type Place = { url: string } | { socketPath: string };

export interface Client {
  readonly kind: string;
  /** Whole answers, all of them right. */
  answers: number;
  /** What went wrong, but that nobody listens any more: a client that is told to close comes back and finds nobody. */
  readonly faults: string[];
  /** Resolves when it finds nobody any more. */
  readonly ended: Promise<void>;
}

const PATH = '/v1/evaluate/truth';
const BODY = '{"context":{"targetingKey":"user-1"}}';
const HEADERS = { host: 'localhost', 'content-type': 'application/json' };
/** What connecting says where nobody listens (any more). */
const NOBODY = ['ECONNREFUSED', 'ENOENT'];

/** One client of each kind. */
export function clientsOf(place: Place): Client[] {
  return [undiciPool(place), nodeAgent(place), pipelining(place)];
}

/** Asks again and again on several connections, until connecting finds nobody. */
function asking(kind: string, lanes: number, ask: () => Promise<{ status: number; text: string }>): Client {
  const client = { kind, answers: 0, faults: [] as string[] };
  const run = async () => {
    for (;;) {
      try {
        const { status, text } = await ask();
        if (status === 200 && text.includes('"value":true')) client.answers++;
        else client.faults.push(`${status} ${text}`);
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        if (NOBODY.includes(code)) return;
        client.faults.push(`${code} ${message}`);
        if (client.faults.length > 20) return;
      }
    }
  };
  const ended = Promise.all(Array.from({ length: lanes }, run)).then(() => undefined);
  return Object.assign(client, { ended });
}

function undiciPool(place: Place): Client {
  const pool =
    'url' in place
      ? new Pool(place.url, { connections: 6 })
      : new Pool('http://localhost', { connections: 6, socketPath: place.socketPath });
  const client = asking('undici', 6, async () => {
    const answer = await pool.request({ method: 'POST', path: PATH, headers: HEADERS, body: BODY });
    return { status: answer.statusCode, text: await answer.body.text() };
  });
  void client.ended.then(() => pool.destroy());
  return client;
}

function nodeAgent(place: Place): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  const at =
    'url' in place ? { host: '127.0.0.1', port: new URL(place.url).port } : { socketPath: place.socketPath };
  const client = asking('node:http', 6, () => {
    return new Promise((resolve, reject) => {
      const request = nodeRequest({ ...at, agent, method: 'POST', path: PATH, headers: HEADERS });
      request.on('error', reject).on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('error', reject);
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.end(BODY);
    });
  });
  void client.ended.then(() => agent.destroy());
  return client;
}

/**
 * Sends several requests before it reads an answer, on a connection that it opens anew whenever it is told to close.
 * What was sent after the request whose answer says so is not processed (RFC 9112 §9.3.2, §9.6), so it is asked again.
 */
function pipelining(place: Place): Client {
  const head = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json`;
  const request = `${head}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
  const client = { kind: 'pipelining', answers: 0, faults: [] as string[] };
  const lane = async () => {
    for (;;) {
      const ending = await pipeline(place, request.repeat(4), () => client.answers++);
      if (NOBODY.includes(ending)) return;
      if (ending !== 'told to close') client.faults.push(ending);
      if (client.faults.length > 20) return;
    }
  };
  return Object.assign(client, { ended: Promise.all([lane(), lane()]).then(() => undefined) });
}

/** How a connection ended on which four requests are always under way. */
function pipeline(place: Place, four: string, answered: () => void): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket =
      'url' in place
        ? connect(Number(new URL(place.url).port), '127.0.0.1')
        : connect({ path: place.socketPath });
    let text = '';
    let open = 4;
    let ending = 'cut off';
    socket.once('connect', () => socket.write(four));
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      for (let answer = wholeAnswer(text); answer; answer = wholeAnswer(text)) {
        text = text.slice(answer.length);
        answered();
        open--;
        if (!answer.startsWith('HTTP/1.1 200') || !answer.includes('"value":true')) ending = answer;
        else if (/^connection: close/im.test(answer)) ending = 'told to close';
      }
      if (open === 0 && ending === 'cut off') {
        open = 4;
        socket.write(four);
      }
    });
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (NOBODY.includes(code)) ending = code;
    });
    socket.on('end', () => socket.destroy());
    socket.once('close', () => resolve(text === '' ? ending : `half an answer: ${text}`));
  });
}

function wholeAnswer(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  const size = end + 4 + Number(length);
  return end >= 0 && text.length >= size ? text.slice(0, size) : undefined;
}
