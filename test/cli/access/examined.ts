// Examines a commit in this process, as `halyard access explain` does before it prints.
import type { CommitReport } from '../../../src/cli/access/commit-report.ts';
import { withAppliedDatabase } from '../../../src/cli/access/database.ts';
import { examine } from '../../../src/cli/access/examine.ts';
import { findMeant } from '../../../src/cli/place/commit.ts';
import { atPlace } from '../../../src/cli/place/place.ts';

/** @param databaseUrl none: git alone is asked */
export function examined(repo: string, revision: string, databaseUrl?: string): Promise<CommitReport> {
  const work = (database?: Parameters<typeof examine>[3]) =>
    atPlace({ repo, path: 'flags' }, async (place) => {
      const meant = await findMeant(place, revision);
      if (!meant) throw new Error(`there is no ${revision}`);
      return (await examine(place, meant, { path: 'flags' }, database)).report;
    });
  return databaseUrl === undefined ? work() : withAppliedDatabase(databaseUrl, work);
}
