// The content of a commit's entry, derived again: from the commit, its files, the policy and the entry before. Pure.
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import type { Commit } from '../../git/commit.ts';
import { bounded } from '../../lib/bounded.ts';
import type { Change } from '../../model/change.ts';
import { type CommitContent, MOST_PROBLEMS } from '../content.ts';
import { changesOf, type DerivedChange, differencesBetween, type RowDifference } from './changes.ts';
import { type EmbeddedEvidence, evidenceOf } from './evidence.ts';
import { faultsOf } from './faults.ts';
import { asHolding, type People, peopleFor, signatureOf, type Verified } from './people.ts';
import { touchesOf } from './permissions.ts';
import { type DerivedRow, nameOf, rowsOf } from './rows.ts';
import type { State } from './state.ts';
import { refusalsOf } from './verdict.ts';

/** The version whose entries follow whole. Of all others, what git and the loader alone decide. */
const DERIVED_VERSION = 2;

/** What git says about a commit. */
export interface CommitFacts {
  commit: Commit;
  /** The tree of the definitions' folder; undefined where the commit has none. */
  tree: string | undefined;
  files: readonly SourceFile[];
  loaded: Loaded;
  verified: Verified;
  evidence: EmbeddedEvidence;
  /** Of a merge: what its other parents bring in. */
  merged: { commit: Commit; verified: Verified }[];
  mergedMore: number;
}

export interface DerivedEntry {
  content: CommitContent;
  /** The rows that the commit wants, where its files are definitions. */
  rows?: ReadonlyMap<string, DerivedRow>;
  /** Something had to be taken as stored, since what was before it could not be derived. */
  isPartly?: true;
}

/** What the entry after `state` must say of a commit. `stored` gives what nobody can derive: records, and times of first sight. */
export function deriveCommit(state: State, facts: CommitFacts, stored: CommitContent): DerivedEntry {
  const { definitions } = facts.loaded;
  const rows = definitions && rowsOf(definitions, state.overrides);
  if (rows) state.learn(rows);
  const differences = rows ? differencesBetween(state.rows, rows) : [];
  const judged =
    stored.v === DERIVED_VERSION ? judge(state, facts, stored, differences) : asStored(facts, stored);
  const isRejected = judged.action === 'commit.rejected';
  // In the version before, rejected ones listed each other.
  const carriesNothing = isRejected && stored.v === DERIVED_VERSION;
  const listed = isRejected ? [] : changesOf(differences, state.rows, stored.project);
  const { changes, isPartly } = withoutGaps(listed, stored.changes);
  const content: CommitContent = {
    v: stored.v,
    project: projectOf(state, facts, stored),
    entry: state.entry + 1,
    ...(state.entry === 0 && stored.source && { source: stored.source }),
    ...identityOf(facts.commit),
    ...judged,
    ...(changes.length > 0 && { revision: state.revision + 1 }),
    carries: carriesNothing ? [] : state.rejected.filter((commit) => commit !== facts.commit.id),
    changes,
  };
  const isGiven = isPartly || (stored.v === DERIVED_VERSION && state.policy === 'unknown');
  return { content, ...(rows && !isRejected && { rows }), ...(isGiven && { isPartly: true }) };
}

/** What the commit object itself says. */
function identityOf({ id, tree, parents, author, committer, committedAt, subject, pullRequest }: Commit) {
  return {
    commit: id,
    tree,
    parents,
    author,
    committer,
    committedAt,
    subject,
    ...(pullRequest !== undefined && { pullRequest }),
  };
}

/** A project is called what the first commit's project file says, and never anything else. */
function projectOf(state: State, { files }: CommitFacts, stored: CommitContent): string {
  if (state.entry > 0) return stored.project;
  const alone = loadDefinitions(files.filter(({ path }) => path === 'project.yaml'));
  return alone.definitions?.project.project ?? '';
}

type Judged = Pick<CommitContent, 'action' | 'signature' | 'evidence' | 'merged' | 'mergedMore' | 'problems'>;

/** An earlier version knew no policies, and judged files by fewer rules: what it found is taken as it found it. */
function asStored({ commit }: CommitFacts, { action, problems }: CommitContent): Judged {
  const status = commit.signature === undefined ? 'unsigned' : 'unverified';
  return { action, problems, signature: { status }, evidence: [] };
}

function judge(
  state: State,
  facts: CommitFacts,
  stored: CommitContent,
  differences: readonly RowDifference[],
): Judged {
  const { policy } = state;
  if (policy === 'unknown') {
    const { action, signature, evidence, merged, mergedMore, problems } = stored;
    return {
      action,
      signature,
      evidence,
      problems,
      ...(merged && { merged }),
      ...(mergedMore && { mergedMore }),
    };
  }
  const known = policy === 'none' ? undefined : { policy, people: peopleFor(policy) };
  const { commit } = facts;
  const signature = signatureOf(known?.people, asHolding(facts.verified, stored.signature), commit.author);
  const evidence = evidenceOf(known?.people, commit, facts.evidence, stored.evidence, state.usedApprovals);
  const merged = mergedOf(known?.people, facts, stored);
  const faults = faultsOf(facts, stored.project, state.overrides);
  const problems =
    faults.length > 0 || !known
      ? faults
      : refusalsOf({
          ...known,
          touches: touchesOf(differences, environmentsOf(state, facts)),
          signature,
          author: commit.author,
          evidence,
          project: stored.project,
          tree: facts.tree ?? '',
        });
  return {
    action: problems.length > 0 ? 'commit.rejected' : 'commit.applied',
    signature,
    evidence,
    ...merged,
    problems: problems
      .slice(0, MOST_PROBLEMS)
      .map((problem) => ({ ...problem, file: bounded(problem.file) })),
  };
}

function mergedOf(
  people: People | undefined,
  { merged, mergedMore }: CommitFacts,
  stored: CommitContent,
): Pick<CommitContent, 'merged' | 'mergedMore'> {
  if (merged.length === 0) return {};
  const listed = merged.map(({ commit: { id, author }, verified }, index) => {
    const firstSeen = asHolding(verified, stored.merged?.[index]?.signature);
    return { commit: id, author, signature: signatureOf(people, firstSeen, author) };
  });
  return { merged: listed, ...(mergedMore > 0 && { mergedMore }) };
}

/** All that there are, before or after. */
function environmentsOf(state: State, { loaded }: CommitFacts): string[] {
  const wanted = Object.keys(loaded.definitions?.project.environments ?? {});
  return [...new Set([...state.environments, ...wanted])];
}

/** Where a body before is not known, neither is its patch: then the stored one is taken. */
function withoutGaps(
  listed: readonly DerivedChange[],
  stored: readonly Change[],
): { changes: Change[]; isPartly: boolean } {
  const gaps = listed.filter(({ patch }) => patch === undefined);
  if (gaps.length === 0) return { changes: listed as Change[], isPartly: false };
  const patches = new Map(stored.map((change) => [nameOf(change), change.patch]));
  const changes = listed.map((change) => ({
    ...change,
    patch: change.patch ?? patches.get(nameOf(change)) ?? [],
  }));
  return { changes, isPartly: true };
}
