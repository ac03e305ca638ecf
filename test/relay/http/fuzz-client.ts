// The fuzzer's client: sends bytes as they are, and takes the answers apart by itself, since no client would send these.
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { BODY_LIMIT_BYTES } from '../../../src/relay/http/body-parts.ts';

export interface FuzzedAnswer {
  status: number;
  headers: Map<string, string>;
  text: string;
}

export interface Exchange {
  answers: FuzzedAnswer[];
  /** Set where not all came: what did come, or that nothing more did in time. */
  fault?: string;
}

const DEADLINE_MS = 20_000;

/**
 * Sends bytes on a connection of their own.
 * @param methods of the requests in them, one for each answer that must come; undefined where that cannot be known:
 *   then the client says that it sends nothing more, and takes what comes until the connection is closed
 */
export function exchange(
  port: number,
  bytes: Buffer,
  methods: readonly string[] | undefined,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const answers: FuzzedAnswer[] = [];
    let rest: Buffer = Buffer.alloc(0);
    let fault: string | undefined;
    const socket = connect(port, '127.0.0.1');
    const end = (how: string | undefined) => {
      fault ??= how;
      socket.destroy();
    };
    socket.setTimeout(DEADLINE_MS, () => end(`no answer within ${DEADLINE_MS} ms`));
    socket.on('connect', () => (methods ? socket.write(bytes) : socket.end(bytes)));
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const taken = takeAnswer(rest, methods?.[answers.length]);
        if (taken === 'more') return;
        if (typeof taken === 'string') return end(taken);
        rest = taken.rest;
        // 100 Continue comes before an answer.
        if (taken.answer.status >= 200) answers.push(taken.answer);
        if (answers.length === methods?.length) return end(undefined);
      }
    });
    // Refused in the middle of what is being sent.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const closes = answers.at(-1)?.headers.get('connection') === 'close';
      // Where much is still on its way, the answers that it crosses may be lost with it.
      const isSent = bytes.length < BODY_LIMIT_BYTES;
      if (methods && answers.length < methods.length && !closes && isSent)
        fault ??= 'closed without an answer';
      resolve({ answers, ...(fault !== undefined && { fault }) });
    });
  });
}

function takeAnswer(
  bytes: Buffer,
  method: string | undefined,
): { answer: FuzzedAnswer; rest: Buffer } | string {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return 'more';
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (Number.isNaN(status)) return `no answer of HTTP: ${first}`;
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const body = bytes.subarray(headEnd + 4);
  const answerOf = (content: Buffer, rest: Buffer) => {
    const text = decoded(content, headers.get('content-encoding')).toString();
    return { answer: { status, headers, text }, rest };
  };
  // One to a HEAD that nobody knows of is followed by the next.
  const isHead = method === 'HEAD' || (method === undefined && body.toString('latin1', 0, 9) === 'HTTP/1.1 ');
  if (status < 200 || status === 204 || status === 304 || isHead) return answerOf(Buffer.alloc(0), body);
  if (headers.get('content-type')?.startsWith('text/event-stream')) return answerOf(body, Buffer.alloc(0));
  if (headers.get('transfer-encoding') === 'chunked') return `a chunked answer: ${first}`;
  const length = Number(headers.get('content-length'));
  if (Number.isNaN(length)) return `an answer of no length: ${first}`;
  return body.length < length ? 'more' : answerOf(body.subarray(0, length), body.subarray(length));
}

function decoded(content: Buffer, encoding: string | undefined): Buffer {
  if (content.length === 0 || encoding === undefined) return content;
  return encoding === 'br' ? brotliDecompressSync(content) : gunzipSync(content);
}
