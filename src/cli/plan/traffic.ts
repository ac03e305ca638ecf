// Asks a database, which is only read, what real traffic says of the experiments of a change.
import { readProposed } from '../../experiments/proposed.ts';
import type { Definitions } from '../../model/definition.ts';
import { type ExperimentTraffic, measuredByChange } from '../../plan/traffic.ts';
import { withExperiments } from '../analyze/database.ts';

/** Connects only where there is anything to ask. Throws UsageError and UnreachableError as for any command with a database. */
export async function trafficOf(
  before: Definitions | undefined,
  after: Definitions,
  databaseUrl: string | undefined,
): Promise<ExperimentTraffic[]> {
  const measured = measuredByChange(before, after);
  if (measured.length === 0) return [];
  return withExperiments(databaseUrl, 'halyard plan', async (pool) => {
    const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
    const atMs = rows[0]?.now.getTime() ?? Date.now();
    const found: ExperimentTraffic[] = [];
    for (const each of measured) found.push(await readProposed(pool, after.project.project, each, atMs));
    return found;
  });
}
