// A forge's REST API: GETs JSON with a token, page by page, and leaves a forge alone that asks for it.
import { readFile } from 'node:fs/promises';
import { type HttpAnswer, httpGet, TooLargeError } from '../../io/http.ts';
import { UnreachableError } from '../../lib/errors.ts';
import { VERSION } from '../../lib/version.ts';
import { MalformedError, TooMuchError, UselessAnswerError } from './forge.ts';

export interface ApiOptions {
  /** As people call it. */
  name: string;
  /** Where the API begins, without a slash at the end. */
  url: string;
  /** Read at each use, so that it can be replaced. */
  tokenFile: string;
  headers?: Readonly<Record<string, string>>;
  /** The clock, in epoch milliseconds. */
  now: () => number;
}

const MOST_PAGES = 30;
/** Of all pages of one list, in UTF-16 units. */
const LONGEST_LIST = 64 * 1024 * 1024;
const LONGEST_PAUSE_MS = 3_600_000;
const PAUSE_MS = 60_000;
/** Whoever runs sync is at fault, and mends it. */
const WHY: Readonly<Record<number, string>> = {
  401: 'it does not take the token of --forge-token-file',
  403: 'the token of --forge-token-file may not read this',
};
/** With another answer later on: a time-out, and what comes too early or too often. */
const PASSING = new Set([408, 425, 429]);

export class Api {
  readonly #options: ApiOptions;
  #pausedUntilMs = 0;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** The value at a path (`/repos/acme/shop`); undefined where there is none. Throws UnreachableError, UselessAnswerError. */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#ask(new URL(`${this.#options.url}${path}`), signal);
    return answer && this.#read(answer);
  }

  /** The items of all pages of a list; undefined where there is no list. Throws as `get`. */
  async list(path: string, signal: AbortSignal, mostPages = MOST_PAGES): Promise<unknown[] | undefined> {
    const items: unknown[] = [];
    let url: URL | undefined = new URL(`${this.#options.url}${path}`);
    let left = LONGEST_LIST;
    for (let page = 1; url; page++) {
      const answer: HttpAnswer | undefined = await this.#ask(url, signal);
      if (!answer) return undefined;
      left -= answer.text.length;
      if (page > mostPages || left < 0) throw new TooMuchError(`${path} is longer than it is read`);
      const read = this.#read(answer);
      if (!Array.isArray(read)) return this.#malformed(url.pathname);
      items.push(...read);
      url = this.#nextPage(answer, url);
    }
    return items;
  }

  /** A forge hides what a token may not see: throws UnreachableError where no object is at a path that must be there. */
  async assertThere(path: string, signal: AbortSignal): Promise<void> {
    const { name } = this.#options;
    const found = await this.get(path, signal).catch((cause: unknown) => {
      if (!(cause instanceof UselessAnswerError)) throw cause;
      throw new UnreachableError('http', cause.message, { cause });
    });
    if (typeof found === 'object' && found !== null) return;
    throw new UnreachableError('http', `${name} knows no ${path}, or the token may not see it.`);
  }

  #malformed(what: string): never {
    throw new MalformedError(`${this.#options.name} answers ${what} in a form that is not its API's.`);
  }

  async #ask(url: URL, signal: AbortSignal): Promise<HttpAnswer | undefined> {
    if (this.#options.now() < this.#pausedUntilMs) throw this.#paused();
    const { name, headers } = this.#options;
    const token = await this.#token();
    const answer = await httpGet(url, {
      headers: {
        accept: 'application/json',
        ...headers,
        'user-agent': `halyard/${VERSION}`,
        authorization: `Bearer ${token}`,
      },
      signal,
    }).catch((error: unknown) => {
      throw error instanceof TooLargeError ? new TooMuchError(error.message) : error;
    });
    if (answer.status === 200) return answer;
    if (isLimited(answer)) {
      this.#pausedUntilMs = this.#options.now() + this.#pauseMs(answer);
      throw this.#paused();
    }
    if (isNothing(answer)) return undefined;
    const why = WHY[answer.status] ?? 'it fails';
    throw new UnreachableError('http', `${name} answers ${answer.status} to ${url.pathname}: ${why}.`);
  }

  async #token(): Promise<string> {
    const { tokenFile } = this.#options;
    const token = await readFile(tokenFile, 'utf8').catch((cause: unknown) => {
      throw new UnreachableError('http', `--forge-token-file ${tokenFile} cannot be read.`, { cause });
    });
    if (/^[\x21-\x7e]+\s*$/.test(token)) return token.trim();
    throw new UnreachableError(
      'http',
      `--forge-token-file ${tokenFile} must hold one token and nothing else.`,
    );
  }

  #read({ text }: HttpAnswer): unknown {
    try {
      return JSON.parse(text);
    } catch {
      return this.#malformed('without JSON,');
    }
  }

  /** RFC 8288, as far as forges use it. A page elsewhere is none of this API's. */
  #nextPage({ headers }: HttpAnswer, from: URL): URL | undefined {
    const target = /<([^<>]*)>\s*;[^,<]*\brel="?next"?/.exec(headers.link ?? '')?.[1];
    if (target === undefined) return undefined;
    const next = URL.canParse(target, from.href) ? new URL(target, from) : undefined;
    if (next?.origin === from.origin) return next;
    const { name } = this.#options;
    throw new UnreachableError(
      'http',
      `${name} answers ${from.pathname} with a next page that is elsewhere.`,
    );
  }

  #pauseMs({ headers }: HttpAnswer): number {
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    const resetAt = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? Number.NaN);
    const ms = Number.isFinite(seconds) ? seconds * 1000 : resetAt * 1000 - this.#options.now();
    return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_PAUSE_MS) : PAUSE_MS;
  }

  #paused(): UnreachableError {
    const until = new Date(this.#pausedUntilMs).toISOString();
    return new UnreachableError('http', `${this.#options.name} asks not to be asked before ${until}.`);
  }
}

/**
 * What a forge refuses to answer it has not: not there, not any more, not for legal reasons, no such commit (GitHub's 422).
 */
function isNothing({ status }: HttpAnswer): boolean {
  return status >= 400 && status < 500 && !(status in WHY) && !PASSING.has(status);
}

/** GitHub says 403 or 429, and not always until when; GitLab says 429. */
function isLimited({ status, headers, text }: HttpAnswer): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return 'retry-after' in headers || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(text);
}
