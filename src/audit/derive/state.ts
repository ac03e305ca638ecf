// What a chain has left after its first entries: rows with their bodies, overrides, rejected commits, and where in the history it stands. Pure.
import type { AccessDefinition } from '../../model/definitions.gen.ts';
import type { ApprovalEvidence, Evidence } from '../../model/evidence.ts';
import type { EntryContent, EntryProblem } from '../content.ts';
import type { AppliedRow } from './changes.ts';
import { type DerivedRow, nameOf, type Override } from './rows.ts';

/** `unknown`: there is one, and the commit that brought it could not be derived. */
export type AppliedPolicy = AccessDefinition | 'none' | 'unknown';

export class State {
  entry = 0;
  /** Of the rules by which the last entry was made. */
  version = 0;
  revision = 0;
  /** By the names of `nameOf`. */
  readonly rows = new Map<string, AppliedRow>();
  /** The emergency overrides that stand, by the name of their flag's row. */
  readonly overrides = new Map<string, Override>();
  /** The rejected commits since the last applied one, each once. */
  rejected: string[] = [];
  /** The approvals with which something was applied, by `approvalName`: each is for one change. */
  readonly usedApprovals = new Set<string>();
  lastJudged: string | undefined;
  #lastRejection: { entry: number; isRefusal: boolean } | undefined;
  /** A head that was accepted since the last judged commit. */
  accepted: string | undefined;
  /** The branch had lost the last judged commit, and nobody has accepted that. */
  isDiverged = false;

  get policy(): AppliedPolicy {
    const row = this.rows.get(nameOf({ kind: 'access', key: 'access' }));
    if (row === undefined) return 'none';
    return (row.body as AccessDefinition | undefined) ?? 'unknown';
  }

  /**
   * The definitions of the last judged commit were rejected, and what rejected them may be mended without a change of
   * them: by a signature or an approval, where a policy refused them; by the end of an override, since an operator's entry.
   */
  get mayBeJudgedAgain(): boolean {
    const last = this.#lastRejection;
    return last !== undefined && (last.isRefusal || last.entry < this.entry);
  }

  /** The environments that there are. */
  get environments(): string[] {
    return [...this.rows.values()].flatMap(({ kind, environment }) =>
      kind === 'project' && environment !== undefined ? [environment] : [],
    );
  }

  /** Learns the bodies of rows that are applied already, from where they are found again. */
  learn(rows: ReadonlyMap<string, DerivedRow>): void {
    for (const [name, row] of this.rows) {
      if (row.body !== undefined) continue;
      const found = rows.get(name);
      if (found?.digest === row.digest) this.rows.set(name, found);
    }
  }

  /**
   * Moves on by an entry.
   * @param derived the rows that were derived, where they were
   */
  take(content: EntryContent, derived?: ReadonlyMap<string, DerivedRow>): void {
    this.entry = content.entry;
    this.version = content.v;
    if ('revision' in content && content.revision !== undefined) this.revision = content.revision;
    for (const { kind, key, environment, after } of content.changes) {
      const name = nameOf({ kind, key, environment });
      if (after === undefined) {
        this.rows.delete(name);
        this.overrides.delete(name);
      } else {
        const row = derived?.get(name);
        const bare = { kind, key, ...(environment !== undefined && { environment }), digest: after };
        this.rows.set(name, row?.digest === after ? row : bare);
      }
    }
    this.#moveOn(content);
  }

  #useUp(evidence: readonly Evidence[] = []): void {
    for (const piece of evidence) if (piece.kind === 'approval') this.usedApprovals.add(approvalName(piece));
  }

  #moveOn(content: EntryContent): void {
    switch (content.action) {
      case 'commit.applied':
      case 'commit.rejected': {
        const { action, commit, problems } = content;
        const before = this.rejected.filter((other) => other !== commit);
        this.rejected = action === 'commit.applied' ? [] : [...before, commit];
        if (action === 'commit.applied') this.#useUp(content.evidence);
        this.lastJudged = commit;
        const isRejected = action === 'commit.rejected';
        this.#lastRejection = isRejected
          ? { entry: content.entry, isRefusal: problems.every(isRefusal) }
          : undefined;
        this.accepted = undefined;
        this.isDiverged = false;
        return;
      }
      case 'history.diverged':
        this.isDiverged = true;
        this.accepted = undefined;
        return;
      case 'history.accepted':
        this.isDiverged = false;
        this.accepted = content.commit;
        return;
      case 'override.set':
      case 'override.lifted': {
        const { flag, environment, serve = '', until = '' } = content;
        const name = nameOf({ kind: 'flag', key: flag, environment });
        if (content.action === 'override.set') this.overrides.set(name, { serve, until });
        else this.overrides.delete(name);
        return;
      }
    }
  }
}

/** By its signer and statement: a signature can be written in many ways. */
export function approvalName({ signed, statement }: ApprovalEvidence): string {
  return `${signed.fingerprint} ${statement}`;
}

/** Whether a problem is none of the definitions, but a refusal of the policy. */
function isRefusal({ code }: EntryProblem): boolean {
  return code === 'access-denied' || code === 'approval-missing' || code.startsWith('signature-');
}
