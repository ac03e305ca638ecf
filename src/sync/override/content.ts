// The entry of an emergency override, the row that it changes, and the limits of what an operator may ask for. Pure.
import { CONTENT_VERSION, type OverrideContent } from '../../audit/content.ts';
import { LONGEST_OVERRIDE_MS } from '../../audit/override-statement.ts';
import { describeChanges, type RowChange } from '../../changes/diff.ts';
import { UsageError } from '../../lib/errors.ts';
import { canonical, sha256Hex } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagBody } from '../../model/snapshot.ts';
import type { FlagPlace, OverrideState } from './state.ts';

export type OverrideRequest = FlagPlace & { reason: string } & (
    | { action: 'set'; serve: string; forMs: number }
    | { action: 'lift' }
  );

const SHORTEST_MS = 60_000;
/** In UTF-16 units. */
const LONGEST_REASON = 500;

/** The request with its reason trimmed. Throws UsageError for a duration or a reason that is out of bounds. */
export function checkedRequest(request: OverrideRequest): OverrideRequest {
  const reason = request.reason.trim();
  if (reason === '') throw new UsageError('--reason is empty: say in a sentence why, the audit keeps it.');
  if (reason.length > LONGEST_REASON) {
    throw new UsageError(`--reason has ${reason.length} characters: at most ${LONGEST_REASON} are kept.`);
  }
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(reason) || !reason.isWellFormed()) {
    throw new UsageError('--reason must be one line of text.');
  }
  if (request.action === 'set' && !(request.forMs >= SHORTEST_MS && request.forMs <= LONGEST_OVERRIDE_MS)) {
    throw new UsageError('--for is from 1m to 24h: what is to last longer is made permanent by a commit.');
  }
  return { ...request, reason };
}

export type ChosenContent = Omit<OverrideContent, 'signature' | 'seal' | 'actor' | 'changes'>;

/**
 * What the operator chooses, at a time (epoch milliseconds) of which whole seconds are kept. Throws UsageError for a
 * variation that the flag does not have, and where there is no override to lift.
 */
export function chosenContent(
  request: OverrideRequest,
  { head, body }: OverrideState,
  nowMs: number,
): ChosenContent {
  const { flag, environment, reason } = request;
  const atMs = Math.floor(nowMs / 1_000) * 1_000;
  const common = {
    v: CONTENT_VERSION,
    project: head.project,
    entry: head.lastEntry + 1,
    revision: head.lastRevision + 1,
    flag,
    environment,
    reason,
    at: instant(atMs),
  };
  if (request.action === 'lift') {
    if (!body.override) throw new UsageError(`${ticked(flag)} has no override in ${environment} to lift.`);
    return { ...common, action: 'override.lifted' };
  }
  const { serve, forMs } = request;
  assertVariation(flag, serve, body);
  return { ...common, action: 'override.set', serve, until: instant(atMs + forMs) };
}

/** The change of the flag's row: its body with the override, or without any. */
export function overriddenRow({ serve, until }: ChosenContent, { row, body }: OverrideState): RowChange {
  const { override: _, ...plain } = body;
  const after: FlagBody =
    serve !== undefined && until !== undefined ? { ...plain, override: { serve, until } } : plain;
  const text = canonical(after);
  return { before: row, after: { ...row, body: after, text, digest: sha256Hex(text) } };
}

/** The change as the entry keeps it. No value of it is personal. */
export function describedChange(change: RowChange, { text }: OverrideState): OverrideContent['changes'] {
  return describeChanges(
    [change],
    () => text,
    () => false,
  );
}

function assertVariation(flag: string, serve: string, { variations }: FlagBody): void {
  if (Object.hasOwn(variations, serve)) return;
  const known = Object.keys(variations).map(ticked).join(', ');
  throw new UsageError(`${ticked(flag)} has no variation ${ticked(serve)}. It has: ${known}.`);
}

/** RFC 3339, UTC, to the second. */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
