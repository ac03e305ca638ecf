// An approval is for one change: what an entry has applied with it says nothing of the same files later on.
import type { CommitContent } from '../../audit/content.ts';
import type { Queryable } from '../../db/pool.ts';
import type { ApprovalEvidence } from '../../model/evidence.ts';
import type { EvidenceQuestion, GatherEvidence } from '../evidence.ts';

/**
 * Leaves out the approvals that an applied entry has: whoever goes back to files that were approved once has them approved
 * again. An approval is known by its statement and its signer, since a signature can be written in many ways.
 */
export function withoutUsed(gather: GatherEvidence, database: Queryable): GatherEvidence {
  const entries = new UsedApprovals(database);
  return async (question, signal) => {
    const found = await gather(question, signal);
    if (!found.evidence.some(({ kind }) => kind === 'approval')) return found;
    const used = await entries.of(question);
    const evidence = found.evidence.filter((piece) => piece.kind !== 'approval' || !used.has(nameOf(piece)));
    return { ...found, evidence };
  };
}

/** Those of one tree, which is asked for again and again while its commit waits: an entry is looked at once. */
class UsedApprovals {
  readonly #database: Queryable;
  #tree = '';
  #upTo = 0;
  #used = new Set<string>();

  constructor(database: Queryable) {
    this.#database = database;
  }

  async of({ project, tree }: Pick<EvidenceQuestion, 'project' | 'tree'>): Promise<ReadonlySet<string>> {
    if (this.#tree !== tree) [this.#tree, this.#upTo, this.#used] = [tree, 0, new Set()];
    // An approval names its tree. What else has the text costs a look.
    const { rows } = await this.#database.query<{ entry: number; content: string | null }>(
      `select e.entry, e.content from halyard.audit_entry e
       where e.project = $1 and e.entry > $2 and e.summary ->> 'action' = 'commit.applied'
         and position($3 in e.content) > 0 and position('"kind":"approval"' in e.content) > 0
       union all
       select p.last_entry, null from halyard.project p where p.key = $1
       order by 1`,
      [project, this.#upTo, tree],
    );
    for (const { entry, content } of rows) {
      this.#upTo = Math.max(this.#upTo, entry);
      const { evidence } = JSON.parse(content ?? '{"evidence":[]}') as Pick<CommitContent, 'evidence'>;
      for (const piece of evidence) if (piece.kind === 'approval') this.#used.add(nameOf(piece));
    }
    return this.#used;
  }
}

function nameOf({ statement, signed }: ApprovalEvidence): string {
  return `${signed.fingerprint} ${statement}`;
}
