// Asks another relay: what it answers, what its refusals mean, and its stream, which only says "look".
import { readFile } from 'node:fs/promises';
import { type HttpAnswer, httpGet, httpStream, TooLargeError } from '../../io/http.ts';
import { UnreachableError } from '../../lib/errors.ts';
import { publicUrl } from '../../lib/public-url.ts';
import { keepTrying, SourceError } from '../source.ts';
import { type Answer, readAnswer, readHeaders, type Told } from './upstream-answer.ts';

/** With the poll of a second, a dead relay is seen within three. */
const SILENCE_MS = 2_000;
/** For a whole snapshot on a slow line, as long as something comes. */
const DEADLINE_MS = 60_000;
/** A stream has a heartbeat every 15 s. */
const STREAM_SILENCE_MS = 20_000;
const MOST_BYTES = 64 * 1024 * 1024;

export interface Question {
  /** Only what changed after this revision is wanted. */
  after?: number | undefined;
  /** The tag of what is known already. */
  tag?: string | undefined;
  /** The entry whose hash is wanted. */
  witness?: number | undefined;
}

export type Reply =
  | ({ type: 'changed'; answer: Answer } & Told)
  /** It has what the tag is of. */
  | ({ type: 'same' } & Told)
  /** It has no snapshot yet. */
  | { type: 'not-ready' };

export class UpstreamClient {
  /** The address as it may be shown. */
  readonly place: string;
  readonly #base: string;
  readonly #tokenFile: string | undefined;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(url: string, tokenFile: string | undefined, token: string | undefined) {
    this.place = publicUrl(url).replace(/\/$/, '');
    this.#base = this.place;
    this.#tokenFile = tokenFile;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Reads the token anew, since it may be another one now. Throws a SourceError where its file is no good. */
  static async open(url: string, tokenFile: string | undefined): Promise<UpstreamClient> {
    return new UpstreamClient(
      url,
      tokenFile,
      tokenFile === undefined ? undefined : await readToken(tokenFile),
    );
  }

  /** Throws a SourceError or UnreachableError, and the signal's reason. */
  async ask({ after, tag, witness }: Question, signal: AbortSignal): Promise<Reply> {
    const url = new URL(`${this.#base}/v1/snapshot`);
    if (after !== undefined) url.searchParams.set('after', String(after));
    if (witness !== undefined) url.searchParams.set('witness', String(witness));
    const answer = await this.#get(url, tag, signal);
    if (answer.status === 200) {
      return {
        type: 'changed',
        ...readHeaders(answer.headers),
        answer: await readAnswer(answer.text, this.place),
      };
    }
    if (answer.status === 304) return { type: 'same', ...readHeaders(answer.headers) };
    if (answer.status === 503 && answer.text.includes('"PROVIDER_NOT_READY"')) return { type: 'not-ready' };
    throw this.#refused(answer);
  }

  /** The hash that its chain has for an entry; null = none, undefined = it does not tell. Throws as `ask` does. */
  async linkedHash(witness: number): Promise<string | null | undefined> {
    // Any tag will do: only the headers are wanted.
    const reply = await this.ask({ witness, tag: '*' }, AbortSignal.timeout(2_000));
    return reply.type === 'same' ? reply.witnessed : undefined;
  }

  /** Calls back whenever something may be new, until the signal aborts. Never rejects: what a stream misses, the poll finds. */
  listen(onEvent: () => void, signal: AbortSignal): Promise<void> {
    const url = new URL(`${this.#base}/v1/stream`);
    const headers = { ...this.#headers, accept: 'text/event-stream' };
    const run = (isWell: () => void) => {
      const lines = new EventLines();
      return httpStream(url, { headers, signal, silenceMs: STREAM_SILENCE_MS }, (text) => {
        isWell();
        if (lines.tellOfEvent(text)) onEvent();
      });
    };
    return keepTrying(run, async () => undefined, signal, Math.random);
  }

  async #get(url: URL, tag: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = {
      ...this.#headers,
      accept: 'application/json',
      'accept-encoding': 'br, gzip',
      ...(tag !== undefined && { 'if-none-match': tag }),
    };
    const bounds = { silenceMs: SILENCE_MS, deadlineMs: DEADLINE_MS, mostBytes: MOST_BYTES, attempts: 1 };
    try {
      return await httpGet(url, { headers, signal, ...bounds });
    } catch (error) {
      if (error instanceof TooLargeError) {
        throw new SourceError('answer', `the relay at ${this.place}: ${error.message}`, { cause: error });
      }
      if (error instanceof UnreachableError && isOfTls(error.cause)) {
        const advice = 'NODE_EXTRA_CA_CERTS names a file with the certificate of an authority of your own';
        throw new SourceError('tls', `${error.message}. ${advice}`, { cause: error });
      }
      throw error;
    }
  }

  #refused({ status, text }: HttpAnswer): SourceError {
    if (status === 401) {
      const what =
        this.#tokenFile === undefined
          ? 'demands a token. Name the file that holds it with --source-token-file'
          : `refuses the token of --source-token-file ${this.#tokenFile}`;
      return new SourceError('token', `the relay at ${this.place} ${what}`);
    }
    const said = /"errorDetails":"([\w .,:/-]{1,200})"/.exec(text)?.[1];
    const words = said === undefined ? '' : `: ${said}`;
    if (status === 403) {
      const advice = 'It may need --allow-host, or this relay --source-token-file';
      return new SourceError(
        'refused',
        `the relay at ${this.place} refuses to answer (403)${words} ${advice}`,
      );
    }
    return new SourceError('http', `the relay at ${this.place} answers with status ${status}${words}`);
  }
}

/** The first line that is no comment. */
async function readToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SourceError('token', `--source-token-file ${path} cannot be read (${cause.code})`, { cause });
  });
  const token = /^[ \t]*([^#\s]\S*)[ \t]*$/m.exec(text)?.[1];
  if (token === undefined) throw new SourceError('token', `--source-token-file ${path} holds no token`);
  return token;
}

function isOfTls(cause: unknown): boolean {
  const { code = '' } = (cause ?? {}) as { code?: unknown };
  return /CERT|TLS|SSL|UNABLE_TO_VERIFY/.test(String(code));
}

/** The lines of a stream that begin an event; a line may come in pieces. */
class EventLines {
  #begun = '';

  tellOfEvent(text: string): boolean {
    const [first = '', ...rest] = text.split('\n');
    const lines = [this.#begun + first, ...rest];
    // How a line begins is all that counts.
    this.#begun = (lines.pop() ?? '').slice(0, 16);
    return lines.some((line) => line.startsWith('event:'));
  }
}
