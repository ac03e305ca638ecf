// What a collector's answer to a batch means.
import type { HttpAnswer } from '../../io/http.ts';

export type Verdict =
  /** It has what it wants of the batch; so many events it refused one by one. */
  | { type: 'taken'; refused: number }
  /** The batch is too large for it. */
  | { type: 'too-large' }
  /** Later, perhaps. `waitMs`: as long as it asks for. */
  | { type: 'fault'; code: FaultCode; message: string; waitMs?: number };

export const FAULT_CODES = ['address', 'answer', 'busy', 'http', 'token'] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

const LONGEST_WAIT_S = 300;

/** @param count how many events the batch has */
export function verdictOn({ status, headers, text }: HttpAnswer, count: number): Verdict {
  if (status >= 200 && status < 300) return { type: 'taken', refused: refusedIn(text, count) ?? 0 };
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

/** How many events a body says were refused: each is named by its index. Undefined where it says nothing of that. */
function refusedIn(text: string, count: number): number | undefined {
  try {
    const { refused } = JSON.parse(text) as { refused?: unknown };
    if (!Array.isArray(refused)) return undefined;
    const indices = new Set(refused.map((each: { index?: unknown } | null) => each?.index));
    return Math.min(count, [...indices].filter((index) => Number.isInteger(index)).length);
  } catch {
    return undefined;
  }
}

/** Of RFC 9110 §10.2.3, the form in seconds. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds, LONGEST_WAIT_S) * 1000;
}
