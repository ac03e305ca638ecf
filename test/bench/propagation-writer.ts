// Commits for the bench of propagation: judged and written by sync's own functions, with or without waking anybody up.
import { Pool } from '../../src/db/pool.ts';
import { type Judged, judgeAccess } from '../../src/sync/access.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { recordJudgement } from '../../src/sync/record.ts';
import { asTree, manyFlags, manyFlagsPath, someCommit } from '../support/many-flags.ts';
import { flagYaml, PROJECT } from '../support/sync-project.ts';

const SOURCE = { repository: '/srv/shop', path: 'flags', branch: 'main' };
const NO_PROOF = { verified: { status: 'unsigned' }, evidence: [], tree: 'beef' } as const;
/** The flag that every commit changes. */
export const CHANGED_FLAG = 'flag-7';

export interface Committed {
  revision: number;
  /** When COMMIT was answered, in epoch milliseconds. */
  atMs: number;
}

/** Milliseconds since 1970, alike in all processes of this machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

export class Writer implements AsyncDisposable {
  readonly #pool: SilenceablePool;
  readonly #files: Record<string, string>;
  #applied = { ...nothingApplied(PROJECT, SOURCE), project: PROJECT };
  #loaded: Judged['loaded'] | undefined;
  #commits = 0;

  constructor(url: string, flags: number) {
    this.#pool = new SilenceablePool(url, { maxConnections: 1 });
    this.#files = manyFlags(flags);
  }

  /** From now on commits wake nobody up, as where NOTIFY is lost. */
  silence(): void {
    this.#pool.isSilent = true;
  }

  speak(): void {
    this.#pool.isSilent = false;
  }

  /** One commit, which turns one flag on or off; the first one brings all flags. */
  async commit(): Promise<Committed> {
    const id = `c0ffee${++this.#commits}`;
    this.#files[manyFlagsPath(7)] = flagYaml(CHANGED_FLAG, this.#commits % 2 ? 100 : 0);
    const commit = { ...someCommit, id };
    const judged = judgeAccess(
      judgeCommit(commit, asTree(this.#files), this.#applied, this.#loaded),
      NO_PROOF,
      this.#applied,
    );
    this.#loaded = judged.loaded;
    const { applied, event } = await recordJudgement(this.#pool, SOURCE, this.#applied, judged, () => {});
    this.#applied = { ...applied, project: PROJECT };
    if (event.type !== 'applied' || event.revision === undefined)
      throw new Error(`commit ${id} is not applied`);
    return { revision: event.revision, atMs: this.#pool.committedAtMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }
}

/** Notes when COMMIT is answered, and can keep NOTIFY from being sent. */
class SilenceablePool extends Pool {
  isSilent = false;
  committedAtMs = 0;

  override withConnection: Pool['withConnection'] = (use) =>
    super.withConnection((connection) =>
      use({
        query: async (text, values) => {
          if (this.isSilent && text.includes('pg_notify'))
            return { rows: [], rowCount: 0, command: 'SELECT' };
          const result = await connection.query<never>(text, values);
          if (text === 'commit') this.committedAtMs = epochMs();
          return result;
        },
      }),
    );
}
