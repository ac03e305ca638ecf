// Derives every entry of one project's chain again, from git and the entries before it, and compares it with what is stored.
import type { Queryable } from '../../db/pool.ts';
import { verifyText } from '../../git/ssh-signature.ts';
import { canonical } from '../../lib/json.ts';
import { type Break, broken } from '../break.ts';
import type { CommitContent, EntryContent, OverrideContent } from '../content.ts';
import { type StoredEntry, storedEntries } from '../entries.ts';
import { OVERRIDE_NAMESPACE, overrideStatement } from '../override-statement.ts';
import { CommitDerivation } from './commit-derivation.ts';
import { differenceInWords } from './difference.ts';
import { deriveHistory, deriveOverride } from './operator-entry.ts';
import type { Outcome } from './outcome.ts';
import type { OpenRepository } from './repository.ts';
import { nameOf } from './rows.ts';
import { State } from './state.ts';
import { type Taken, take } from './taken.ts';
import { versionFault } from './version.ts';

export interface Derivation {
  /** Entries that follow from what is before them. */
  derived: number;
  /** Entries that, at least in part, had to be taken as stored: their commits are gone, or those of what they changed. */
  underivable: number;
  /** Signatures that were verified: of commits, of approvals and of overrides. */
  signatures: number;
  /** Commits on the branch after the last judged one whose definitions differ from the one before. */
  pending: number;
  /** What nobody can derive, and whoever has sync's password could have made up. */
  taken: Taken;
  break?: Break;
}

/** Called with the number of entries that are done. */
export type OnProgress = (done: number) => void;

/** The chain itself is known to be whole. Throws what git and the database throw. */
export async function deriveProject(
  connection: Queryable,
  project: string,
  repository: OpenRepository,
  onProgress: OnProgress,
): Promise<Derivation> {
  const state = new State();
  const commits = await CommitDerivation.start(connection, project, repository);
  const taken = { histories: 0, reviews: 0, expired: 0 };
  const counts = { derived: 0, underivable: 0, overrides: 0 };
  const result = (found?: Break): Derivation => ({
    derived: counts.derived,
    underivable: counts.underivable,
    signatures: commits.signatures + counts.overrides,
    pending: commits.pending,
    taken,
    ...(found && { break: found }),
  });
  for await (const batch of storedEntries(connection, project)) {
    for (const row of batch) {
      const content = JSON.parse(row.content) as EntryContent;
      const outcome = await derive(content, row, { state, commits });
      const found = breakOf(row, content, outcome);
      if (found) return result(found);
      take(taken, content);
      if ('seal' in content) counts.overrides += 1;
      counts[outcome.isUnderivable ? 'underivable' : 'derived'] += 1;
      state.take(content, outcome.rows);
    }
    onProgress(batch.at(-1)?.entry ?? 0);
  }
  return result((await commits.finish(state)) ?? (await pathBreak(connection, project, state)));
}

/** Which file a definition comes from is in no entry; rules for paths look at it, so it must be the derived one. */
async function pathBreak(connection: Queryable, project: string, state: State): Promise<Break | undefined> {
  const { rows } = await connection.query<{ kind: string; key: string; path: string }>(
    'select d.kind, d.key, d.path from halyard.definition d where d.project = $1 order by d.kind, d.key',
    [project],
  );
  const moved = rows.find((row) => (state.rows.get(nameOf(row))?.path ?? row.path) !== row.path);
  return moved && broken('serving-unaudited', `${moved.kind} ${moved.key} is not from the file that it says`);
}

interface Known {
  state: State;
  commits: CommitDerivation;
}

async function derive(content: EntryContent, row: StoredEntry, { state, commits }: Known): Promise<Outcome> {
  const fault = versionFault(content, state) ?? nameFault(content);
  if (fault !== undefined) return { fault };
  switch (content.action) {
    case 'commit.applied':
    case 'commit.rejected':
      return commits.derive(content as CommitContent, state);
    case 'history.diverged':
    case 'history.accepted':
      return { ...deriveHistory(state, content), ...(await commits.historyFault(content)) };
    case 'override.set':
    case 'override.lifted':
      return override(content, row, state);
    default:
      return { fault: 'it has an action that there is none of' };
  }
}

/** Git also knows commits by branches, by beginnings of their ids and by ways from one to another, all of which move. */
function nameFault(content: EntryContent): string | undefined {
  const names = [
    ...('commit' in content ? [content.commit] : []),
    ...('base' in content ? [content.base] : []),
  ];
  const isFine = names.every((name) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name));
  return isFine ? undefined : 'what it calls a commit is the id of none';
}

async function override(
  content: OverrideContent,
  { previousHash, recordedAtMs }: StoredEntry,
  state: State,
): Promise<Outcome> {
  const { seal } = content;
  const text = overrideStatement(content, previousHash);
  const verified =
    seal === undefined
      ? ({ status: 'unsigned' } as const)
      : await verifyText({ text, namespace: OVERRIDE_NAMESPACE }, seal);
  const { isPartly, ...derived } = deriveOverride(state, content, { verified, recordedAtMs });
  return { ...derived, ...(isPartly && { isUnderivable: true }) };
}

function breakOf(row: StoredEntry, stored: EntryContent, { content, fault }: Outcome): Break | undefined {
  const why = (words: string) => {
    const about = 'commit' in stored ? `${stored.action} ${stored.commit.slice(0, 10)}` : stored.action;
    const message = `entry ${row.entry} (${about}) is not what follows from git: ${words}. Its hash fits all the same.`;
    return broken('diverged-from-git', message, row.entry);
  };
  if (fault !== undefined) return why(fault);
  if (content === undefined || canonical(content) === row.content) return undefined;
  return why(differenceInWords(stored, content) ?? 'it is written in another way');
}
