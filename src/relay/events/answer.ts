// What a collector's answer to a batch means.
import type { HttpAnswer } from '../../io/http.ts';

/** How many events, by a word of the collector's. */
export type RefusedByCode = ReadonlyMap<string, number>;

export type Verdict =
  /** It has what it wants of the batch; so many events it refused one by one, by what it says is wrong. */
  | { type: 'taken'; refused: RefusedByCode }
  /** The batch is too large for it. */
  | { type: 'too-large' }
  /** Later, perhaps. `waitMs`: as long as it asks for. */
  | { type: 'fault'; code: FaultCode; message: string; waitMs?: number };

export const FAULT_CODES = ['address', 'answer', 'busy', 'http', 'token'] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

const LONGEST_WAIT_S = 300;
const NONE: RefusedByCode = new Map();
/** Any other text is no word of a collector's. */
const CODE = /^[a-z][a-z-]{0,39}$/;
/** More kinds would burden whoever counts them. */
const MOST_CODES = 20;

/** @param count how many events the batch has */
export function verdictOn({ status, headers, text }: HttpAnswer, count: number): Verdict {
  if (status >= 200 && status < 300) return { type: 'taken', refused: refusedIn(text, count) ?? NONE };
  if (status === 413) return { type: 'too-large' };
  // Without a list of what was refused, somebody else than a collector may have answered: nothing is given up for that.
  const refused = status === 400 ? refusedIn(text, count) : undefined;
  if (refused !== undefined) return { type: 'taken', refused };
  const said = `the collector answers with status ${status}`;
  if (status === 401 || status === 403) {
    return { type: 'fault', code: 'token', message: `${said}: see --collector-token-file` };
  }
  if (status === 404 || status === 405) {
    return { type: 'fault', code: 'address', message: `${said}: there is no POST /v1/events at --collector` };
  }
  if (status === 429 || status === 503) {
    const waitMs = retryAfterMs(headers['retry-after']);
    return { type: 'fault', code: 'busy', message: said, ...(waitMs !== undefined && { waitMs }) };
  }
  return { type: 'fault', code: 'answer', message: said };
}

/** What a body says was refused: each is named by its index. Undefined where it says nothing of that. */
function refusedIn(text: string, count: number): RefusedByCode | undefined {
  let said: unknown;
  try {
    said = (JSON.parse(text) as { refused?: unknown } | null)?.refused;
  } catch {
    return undefined;
  }
  if (!Array.isArray(said)) return undefined;
  const seen = new Set<number>();
  const refused = new Map<string, number>();
  for (const each of said as ({ index?: unknown; code?: unknown } | null)[]) {
    const { index, code } = each ?? {};
    if (!Number.isInteger(index) || seen.has(index as number) || seen.size === count) continue;
    seen.add(index as number);
    const isWord = typeof code === 'string' && CODE.test(code);
    const word = isWord && (refused.has(code) || refused.size < MOST_CODES) ? code : 'other';
    refused.set(word, (refused.get(word) ?? 0) + 1);
  }
  return refused;
}

/** Of RFC 9110 §10.2.3, the form in seconds. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds, LONGEST_WAIT_S) * 1000;
}
