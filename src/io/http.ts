// The one door to HTTP: questions to an API, posts and streams, with deadlines, a limit on what is read, and no way for a token to another host.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { backoffMs } from '../lib/backoff.ts';
import { UnreachableError } from '../lib/errors.ts';
import { Patience } from './patience.ts';
import { TooLargeError, unpacked } from './unpack.ts';

export { TooLargeError } from './unpack.ts';

export interface HttpAnswer {
  status: number;
  /** By lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** The body, read as UTF-8. */
  text: string;
}

export interface HttpQuestion {
  headers: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  /** For all of it: retries, redirects and the body. Default 15 s. */
  deadlineMs?: number;
  /** Between two bytes. Left out: as long as the deadline. */
  silenceMs?: number;
  /** A larger body is not read to its end, nor unpacked. Default 32 MiB. */
  mostBytes?: number;
  /** How often it is asked at most, where a connection is lost or a gateway fails. Default 3; 1 for who tries again himself. */
  attempts?: number;
}

/** As a question, but asked once: who posts knows whether that may be done twice. */
export interface HttpPost extends Omit<HttpQuestion, 'attempts'> {
  body: string | Uint8Array;
}

export interface HttpStreamOptions {
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Between two bytes, the first included. */
  silenceMs: number;
}

const DEADLINE_MS = 15_000;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const ATTEMPTS = 3;
const REDIRECTS = new Set([301, 302, 307, 308]);
/** A gateway in between that is about to come back. */
const PASSING = new Set([502, 503, 504]);

/** Made at first use; it goes through the proxies that http_proxy, https_proxy and no_proxy name. */
let agent: EnvHttpProxyAgent | undefined;

/**
 * GETs a URL. Follows redirects within its origin alone, since the headers may hold a secret; tries again, within the
 * deadline, what a lost connection or a gateway has failed. Any status is an answer.
 * Throws UnreachableError where there is none, TooLargeError, and the signal's reason when it is aborted.
 */
export async function httpGet(url: URL, question: HttpQuestion): Promise<HttpAnswer> {
  const { signal, silenceMs, deadlineMs = DEADLINE_MS } = question;
  using patience = new Patience({ signal, silenceMs, deadlineMs });
  try {
    return await withRetries(url, question, patience);
  } catch (cause) {
    throw thrownFor(url, cause, patience, signal);
  }
}

/**
 * POSTs a body. No redirect is followed, and nothing is tried again. Any status is an answer.
 * Throws UnreachableError where there is none, TooLargeError, and the signal's reason when it is aborted. Where it throws,
 * the other side may have taken the body all the same.
 */
export async function httpPost(url: URL, post: HttpPost): Promise<HttpAnswer> {
  const { signal, silenceMs, deadlineMs = DEADLINE_MS } = post;
  using patience = new Patience({ signal, silenceMs, deadlineMs });
  try {
    return await once(url, post, patience, post.body);
  } catch (cause) {
    throw thrownFor(url, cause, patience, signal);
  }
}

/**
 * GETs a stream, and hands over its text piece by piece as it comes. No redirect is followed. Resolves when the other
 * side ends it. Throws UnreachableError where there is none, or no longer a sign of life, and the signal's reason when
 * it is aborted.
 */
export async function httpStream(
  url: URL,
  { headers, signal, silenceMs }: HttpStreamOptions,
  onText: (text: string) => void,
): Promise<void> {
  using patience = new Patience({ signal, silenceMs });
  try {
    const answer = await ask(url, headers, patience.signal);
    if (answer.statusCode !== 200) {
      // Undici tells of it as of an error, which nobody else hears.
      answer.body.on('error', () => undefined).destroy();
      throw new Error(`status ${answer.statusCode}`);
    }
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      patience.heard();
      onText(chunk.toString('utf8'));
    }
  } catch (cause) {
    throw thrownFor(url, cause, patience, signal);
  }
}

function thrownFor(url: URL, cause: unknown, patience: Patience, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (cause instanceof TooLargeError || cause instanceof UnreachableError) return cause;
  const why = patience.ended ?? reasonOf(cause);
  return new UnreachableError('http', `${url.origin} does not answer: ${why}`, { cause });
}

async function withRetries(url: URL, question: HttpQuestion, patience: Patience): Promise<HttpAnswer> {
  const { attempts = ATTEMPTS } = question;
  const { signal } = patience;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await redirected(url, question, patience);
      if (!PASSING.has(answer.status) || attempt === attempts) return answer;
    } catch (error) {
      const isLost = error instanceof Error && 'code' in error;
      if (signal.aborted || !isLost || error instanceof UnreachableError || attempt === attempts) throw error;
    }
    await sleep(backoffMs(attempt, Math.random(), { baseMs: 200 }), undefined, { signal });
  }
}

async function redirected(url: URL, question: HttpQuestion, patience: Patience): Promise<HttpAnswer> {
  let place = url;
  for (let hops = 0; ; hops++) {
    const answer = await once(place, question, patience);
    const to = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
    if (to === undefined) return answer;
    const next = URL.canParse(to, place.href) ? new URL(to, place) : undefined;
    if (next?.origin !== url.origin || hops === MOST_REDIRECTS) {
      throw new UnreachableError(
        'http',
        `${url.origin} sends on to ${next?.origin ?? 'no address'}, which is not followed: it would be shown the token.`,
      );
    }
    place = next;
  }
}

async function once(
  url: URL,
  { headers, mostBytes = MOST_BYTES }: HttpQuestion,
  patience: Patience,
  posted?: HttpPost['body'],
): Promise<HttpAnswer> {
  const answer = await ask(url, headers, patience.signal, posted);
  patience.heard();
  const body = await readBody(answer.body, mostBytes, patience);
  const answered = singly(answer.headers);
  return {
    status: answer.statusCode,
    headers: answered,
    text: (await unpacked(body, answered['content-encoding'], mostBytes)).toString('utf8'),
  };
}

function ask(
  url: URL,
  headers: HttpQuestion['headers'],
  signal: AbortSignal,
  posted?: HttpPost['body'],
): Promise<Dispatcher.ResponseData> {
  agent ??= new EnvHttpProxyAgent();
  const post = posted === undefined ? {} : { method: 'POST' as const, body: posted };
  return request(url, { dispatcher: agent, headers, signal, ...post });
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  mostBytes: number,
  patience: Patience,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop destroys what was not read.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    patience.heard();
    sizeBytes += chunk.length;
    if (sizeBytes > mostBytes) throw new TooLargeError(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A header that was sent several times has its values joined, as RFC 9110 §5.3 allows. */
function singly(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(entries);
}

/** Undici's errors name hosts and codes, and no header. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause instanceof AggregateError ? cause.errors.at(-1) : cause.cause;
  return cause.message || (inner instanceof Error ? inner.message : cause.name);
}
