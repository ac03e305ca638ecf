// The one door to HTTP: questions to an API, with a deadline, a limit on what is read, and no way for a token to another host.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { backoffMs } from '../lib/backoff.ts';
import { UnreachableError } from '../lib/errors.ts';

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
  /** A larger body is not read to its end. Default 32 MiB. */
  mostBytes?: number;
}

/** The other side sends more than is read. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';
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
  const deadline = AbortSignal.timeout(question.deadlineMs ?? DEADLINE_MS);
  const stop = question.signal ? AbortSignal.any([question.signal, deadline]) : deadline;
  try {
    return await withRetries(url, question, stop);
  } catch (cause) {
    question.signal?.throwIfAborted();
    if (cause instanceof TooLargeError || cause instanceof UnreachableError) throw cause;
    const why = deadline.aborted ? 'not within its deadline' : reasonOf(cause);
    throw new UnreachableError('http', `${url.origin} does not answer: ${why}`, { cause });
  }
}

async function withRetries(url: URL, question: HttpQuestion, stop: AbortSignal): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await redirected(url, question, stop);
      if (!PASSING.has(answer.status) || attempt === ATTEMPTS) return answer;
    } catch (error) {
      const isLost = error instanceof Error && 'code' in error;
      if (stop.aborted || !isLost || error instanceof UnreachableError || attempt === ATTEMPTS) throw error;
    }
    await sleep(backoffMs(attempt, Math.random(), { baseMs: 200 }), undefined, { signal: stop });
  }
}

async function redirected(url: URL, question: HttpQuestion, stop: AbortSignal): Promise<HttpAnswer> {
  let place = url;
  for (let hops = 0; ; hops++) {
    const answer = await once(place, question, stop);
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
  signal: AbortSignal,
): Promise<HttpAnswer> {
  agent ??= new EnvHttpProxyAgent();
  const answer = await request(url, { dispatcher: agent, headers, signal });
  return {
    status: answer.statusCode,
    headers: singly(answer.headers),
    text: await readBody(answer.body, mostBytes),
  };
}

async function readBody(body: Dispatcher.ResponseData['body'], mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop destroys what was not read.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > mostBytes) throw new TooLargeError(`the answer is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
