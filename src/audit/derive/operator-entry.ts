// The entries of operators, derived as far as they follow: what an override or an accepted history may say after what was before it. Pure.
import type { AccessDefinition } from '../../model/definitions.gen.ts';
import type { FlagBody } from '../../model/snapshot.ts';
import type { HistoryContent, OverrideContent } from '../content.ts';
import { LONGEST_OVERRIDE_MS } from '../override-statement.ts';
import { type AppliedRow, changesOf } from './changes.ts';
import { peopleFor, signatureOf, type Verified } from './people.ts';
import { permissionsOf } from './permissions.ts';
import { type DerivedRow, digestOf, nameOf } from './rows.ts';
import type { State } from './state.ts';

/** How far PostgreSQL's clock may be from the operator's, and somewhat more. */
const WIDEST_SKEW_MS = 10 * 60_000;

export interface DerivedOperatorEntry<Content> {
  content: Content;
  /** Why nobody could have written it, whatever it says. */
  fault?: string;
  rows?: ReadonlyMap<string, DerivedRow>;
  isPartly?: true;
}

/** That the branch lost the last judged commit, or that someone accepted it. Commit, actor and time are the operator's word. */
export function deriveHistory(state: State, stored: HistoryContent): DerivedOperatorEntry<HistoryContent> {
  const { v, project, action, commit, at, actor } = stored;
  const base = state.lastJudged ?? '';
  const content = { v, project, entry: state.entry + 1, action, commit, base, at, actor, changes: [] as [] };
  const isExpected = state.isDiverged === (action === 'history.accepted');
  if (isExpected) return { content };
  const fault = state.isDiverged
    ? 'the history had diverged already'
    : 'nothing had diverged that could be accepted';
  return { content, fault };
}

/** An override: its row, its signer, and whether the policy let that person override there, for so long. */
export function deriveOverride(
  state: State,
  stored: OverrideContent,
  { verified, recordedAtMs }: { verified: Verified; recordedAtMs: number },
): DerivedOperatorEntry<OverrideContent> {
  const { v, project, action, flag, environment, serve, until, reason, at, seal } = stored;
  const name = nameOf({ kind: 'flag', key: flag, environment });
  const row = state.rows.get(name);
  if (row === undefined) return { content: stored, fault: 'there was no such flag' };
  const { policy } = state;
  const path = state.rows.get(nameOf({ kind: 'flag', key: flag }))?.path;
  if (row.body === undefined || path === undefined || policy === 'unknown')
    return { content: stored, isPartly: true };

  const people = policy === 'none' ? undefined : peopleFor(policy);
  const signature = signatureOf(people, verified);
  const after = overridden(row, stored);
  const content: OverrideContent = {
    v,
    project,
    entry: state.entry + 1,
    action,
    revision: state.revision + 1,
    flag,
    environment,
    ...(action === 'override.set' && { serve: serve ?? '', until: until ?? '' }),
    reason,
    at,
    actor: signature.person ?? stored.actor,
    signature,
    ...(seal !== undefined && { seal }),
    changes: changesOf([{ name, before: row, after }], state.rows, project).map((change) => ({
      ...change,
      patch: change.patch ?? [],
    })),
  };
  const fault =
    actFault(row.body as FlagBody, stored) ??
    endFault(stored, recordedAtMs) ??
    (policy === 'none' ? undefined : rightFault(policy, content, path));
  return { content, rows: new Map([[name, after]]), ...(fault !== undefined && { fault }) };
}

/** The flag's row with the override in it, or without any. */
function overridden(
  row: AppliedRow,
  { action, environment, serve = '', until = '' }: OverrideContent,
): DerivedRow {
  const { override: _, ...plain } = row.body as FlagBody;
  const body = action === 'override.set' ? { ...plain, override: { serve, until } } : plain;
  return { kind: row.kind, key: row.key, environment, body, digest: digestOf(body) };
}

function actFault(body: FlagBody, { action, serve, until, at }: OverrideContent): string | undefined {
  if (action === 'override.lifted') return body.override ? undefined : 'there was no override to lift';
  if (serve === undefined || !Object.hasOwn(body.variations, serve)) return 'the flag has no such variation';
  const lastsMs = Date.parse(until ?? '') - Date.parse(at);
  return lastsMs > 0 && lastsMs <= LONGEST_OVERRIDE_MS ? undefined : 'it does not end within 24 hours';
}

/** When it was set is the operator's word, and it stands from when it is written. */
function endFault({ action, until = '' }: OverrideContent, recordedAtMs: number): string | undefined {
  if (action === 'override.lifted') return undefined;
  const standsMs = Date.parse(until) - recordedAtMs;
  return standsMs <= LONGEST_OVERRIDE_MS + WIDEST_SKEW_MS
    ? undefined
    : 'it does not end within 24 hours of being recorded';
}

/** An emergency cannot wait for approvals: only a rule that asks for none lets someone override. */
function rightFault(
  policy: AccessDefinition,
  { environment, signature }: OverrideContent,
  path: string,
): string | undefined {
  const { status, person } = signature;
  if (status !== 'valid' || person === undefined)
    return `its seal is ${status}, and the policy names who may override`;
  const [permission] =
    permissionsOf(policy, [{ action: 'override', path, environment }], [person]).get(person) ?? [];
  return permission === 0 ? undefined : `the policy did not let ${person} override it there`;
}
