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
/** Any other text is no word of a collector's. */
const CODE = /^[a-z][a-z-]{0,39}$/;

/** @param count how many events the batch has */
export function verdictOn({ status, headers, text }: HttpAnswer, count: number): Verdict {
  const said = `the collector answers with status ${status}`;
  if (status >= 200 && status < 300) {
    const refused = refusedIn(text, count);
    // Somebody else may have answered, a proxy's page for logging in, say: nothing is given up for that.
    if (!refused) return { type: 'fault', code: 'answer', message: `${said}, and no account of the events` };
    return { type: 'taken', refused };
  }
  if (status === 413) return { type: 'too-large' };
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

/** What a collector's receipt says was refused. Undefined where it is none: it accounts for each event. */
function refusedIn(text: string, count: number): RefusedByCode | undefined {
  let receipt: { counted?: unknown; duplicates?: unknown; refused?: unknown } | null;
  try {
    receipt = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { counted, duplicates, refused } = receipt ?? {};
  if (!Array.isArray(refused) || !isCount(counted) || !isCount(duplicates)) return undefined;
  if (counted + duplicates + refused.length !== count) return undefined;
  const byCode = new Map<string, number>();
  for (const each of refused as ({ code?: unknown } | null)[]) {
    const code = each?.code;
    const word = typeof code === 'string' && CODE.test(code) ? code : 'other';
    byCode.set(word, (byCode.get(word) ?? 0) + 1);
  }
  return byCode;
}

function isCount(number: unknown): number is number {
  return Number.isInteger(number) && (number as number) >= 0;
}

/** Of RFC 9110 §10.2.3, the form in seconds. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds, LONGEST_WAIT_S) * 1000;
}
