// Judges commits with all that git and the evidence say of them: what is read and asked around the pure judgement.
import { worthKeeping } from '../access/approvals.ts';
import { judgeSignature } from '../access/identity.ts';
import { MOST_MERGED } from '../audit/content.ts';
import type { Loaded } from '../definitions/load.ts';
import type { UnreachableError } from '../lib/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Problem } from '../model/problem.ts';
import { type Judged, judgeAccess, type Merged } from './access.ts';
import type { Applied } from './applied.ts';
import type { Candidate, Commits } from './commits.ts';
import type { EvidenceQuestion, GatherEvidence, Gathered } from './evidence.ts';
import { type Judgement, judgeCommit, projectKeyOf } from './judge.ts';
import { obstacleOf } from './rejected.ts';
import { asFirstSeen, bringsApprovals } from './rejudge.ts';
import { SignatureReader, signingKeys } from './signature-reader.ts';

/** A commit among those that are judged together. */
export interface Turn {
  candidate: Candidate;
  /** Its place among them. */
  at: number;
  /** All of them, oldest first; the last one is the branch's head. */
  candidates: readonly Candidate[];
  /** Its definitions are those of the last judged commit. */
  isLike: boolean;
}

export class Judge {
  readonly #commits: Commits;
  readonly #gather: GatherEvidence;
  readonly #signatures: SignatureReader;
  /** What was parsed last, so that only changed files are parsed. */
  #loaded: Loaded | undefined;
  /** What the files of a tree would do to what is applied, as of the entry of this hash. */
  #ofFiles: { tree: string | undefined; hash: string; judgement: Judgement } | undefined;
  /** What was found for a tree; looked for once among commits that are judged together. */
  #gathered: ({ tree: string } & Gathered) | undefined;

  constructor(commits: Commits, gather: GatherEvidence) {
    this.#commits = commits;
    this.#gather = gather;
    this.#signatures = new SignatureReader((...question) => commits.verify(...question));
  }

  /** Commits are judged together from here on. What was found for those before is looked for again. */
  begin(): void {
    this.#gathered = undefined;
    this.#signatures.forget();
  }

  /** The key that a commit gives its project, or everything that is wrong with it. */
  async nameOf(candidate: Candidate, signal: AbortSignal): Promise<{ key?: string; problems: Problem[] }> {
    const files = await this.#commits.files(candidate, signal);
    const key = projectKeyOf(files);
    if (key !== undefined) return { key, problems: [] };
    const judgement = judgeCommit(candidate, files, { rows: new Map(), overrides: new Map() }, this.#loaded);
    this.#loaded = judgement.loaded;
    return { problems: judgement.type === 'rejected' ? judgement.problems : [] };
  }

  /**
   * The commit's judgement after what is applied, without the commits that it merges. Evidence is looked for only where a
   * policy is applied and the commit is not refused whoever approves it. `incomplete` where it is refused for want of evidence
   * that may be there, since the forge does not answer.
   */
  async judge(
    turn: Turn,
    applied: Applied,
    signal: AbortSignal,
  ): Promise<{ judged: Judged; incomplete?: UnreachableError }> {
    const { candidate } = turn;
    const { policy, rejected, head } = applied;
    const judgement = await this.#judgeFiles(candidate, applied, signal);
    const verified = await this.#signatures.read(candidate.id, upcoming(turn), policy, signal);
    const known = { ...applied, project: head.project };
    const tree = candidate.definitionsTree;
    const alone = judgeAccess(judgement, { verified, evidence: [], tree }, known);
    if (!policy || tree === undefined || judgement.type === 'rejected' || isRefusedAnyway(alone))
      return { judged: alone };
    const { evidence, incomplete } = await this.#evidence(
      turn,
      { project: head.project, tree, policy },
      signal,
    );
    const seen = asFirstSeen(evidence, rejected?.evidence ?? []);
    const judged =
      seen.length === 0 ? alone : judgeAccess(judgement, { verified, evidence: seen, tree }, known);
    return { judged, ...(judged.type === 'rejected' && incomplete && { incomplete }) };
  }

  /** Whether there are approvals by now that the entry of the rejected commit, whose turn it is again, does not have. */
  async hasNews(turn: Turn, { policy, rejected, head }: Applied, signal: AbortSignal): Promise<boolean> {
    const tree = turn.candidate.definitionsTree;
    if (!policy || !rejected || tree === undefined) return false;
    const { project } = head;
    const { evidence } = await this.#evidence(turn, { project, tree, policy }, signal);
    const seen = asFirstSeen(evidence, rejected.evidence);
    const kept = worthKeeping(policy, seen, { project, tree });
    return bringsApprovals(policy, kept, rejected.evidence, { project, tree });
  }

  /** The evidence that was found last, to see whether anything is new. */
  get evidence(): readonly Evidence[] {
    return this.#gathered?.evidence ?? [];
  }

  /** What a merge brings in, verified with the same keys. It is told, and decides nothing. */
  async merged({ candidate }: Turn, { policy }: Applied, signal: AbortSignal): Promise<Merged> {
    if (candidate.parents.length < 2) return { merged: [], mergedMore: 0 };
    const { commits, more } = await this.#commits.mergedBy(candidate, MOST_MERGED, signal);
    const keys = signingKeys(policy);
    const verified = await this.#commits.verify(
      commits.map(({ id }) => id),
      keys,
      signal,
    );
    const merged = commits.map(({ id, author }, index) => {
      const signature = judgeSignature(policy, verified[index] ?? { status: 'unsigned' }, author);
      return { commit: id, author, signature };
    });
    return { merged, mergedMore: more };
  }

  async #evidence(
    turn: Turn,
    question: Pick<EvidenceQuestion, 'project' | 'tree' | 'policy'>,
    signal: AbortSignal,
  ): Promise<Gathered> {
    const { tree } = question;
    if (this.#gathered?.tree === tree) return this.#gathered;
    this.#gathered = { tree, ...(await this.#gather({ ...question, ...commitsOf(turn, tree) }, signal)) };
    return this.#gathered;
  }

  async #judgeFiles(candidate: Candidate, applied: Applied, signal: AbortSignal): Promise<Judgement> {
    const { definitionsTree: tree } = candidate;
    const hash = applied.head.lastHash;
    const known = this.#ofFiles;
    if (known?.tree === tree && known?.hash === hash) return { ...known.judgement, commit: candidate };
    const files = await this.#commits.files(candidate, signal);
    const judgement = judgeCommit(
      candidate,
      files,
      { ...applied, project: applied.head.project },
      this.#loaded,
    );
    this.#loaded = judgement.loaded;
    this.#ofFiles = { tree, hash, judgement };
    return judgement;
  }
}

/** Whether the signature alone refuses it, which no approval mends. */
function isRefusedAnyway(judged: Judged): boolean {
  return judged.type === 'rejected' && obstacleOf(judged.problems) === 'signature';
}

/**
 * The commits that the evidence of one may be about. The reviewers of what comes on top of it have looked at its
 * definitions only where an empty commit answers for them, or where it is of the same pull request.
 */
function commitsOf(
  { candidate, at, candidates }: Turn,
  tree: string,
): Pick<EvidenceQuestion, 'commits' | 'later'> {
  const after = candidates.slice(at + 1);
  const end = after.findIndex(({ definitionsTree }) => definitionsTree !== tree);
  const later = (end < 0 ? after : after.slice(0, end)).map(({ id }) => id);
  const head = after.at(-1);
  const answers = head?.isEmpty && head.definitionsTree === tree ? [head] : [];
  return { commits: [candidate, ...answers], later };
}

/** The commits that will probably be judged after it: where it has the last judged commit's definitions, those that have them too, else those that change them. */
function* upcoming({ at, candidates, isLike }: Turn): Iterable<string> {
  for (const [index, candidate] of candidates.entries()) {
    if (index <= at) continue;
    const isUnchanged = candidate.definitionsTree === candidates[index - 1]?.definitionsTree;
    if (isLike && !isUnchanged) return;
    if (isLike === isUnchanged) yield candidate.id;
  }
}
