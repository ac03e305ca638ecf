// What the database holds, for `up` to say: which environments there are, and how many definitions of which kind.
import type { Pool } from '../../db/pool.ts';
import { UsageError } from '../../lib/errors.ts';
import { counted } from '../terminal.ts';

export interface AppliedSummary {
  /** Empty while nothing is applied. */
  environments: string[];
  /** By kind. */
  definitions: Map<string, number>;
}

export async function appliedSummary(pool: Pool, project: string): Promise<AppliedSummary> {
  // Every environment has a row of the project; the head of one that is gone stays.
  const rows = await pool.query<{ environment: string }>(
    `select e.environment from halyard.environment_definition e
      where e.project = $1 and e.kind = 'project' and not e.deleted order by e.environment`,
    [project],
  );
  const kinds = await pool.query<{ kind: string; count: number }>(
    'select d.kind, count(*)::int as count from halyard.definition d where d.project = $1 group by d.kind',
    [project],
  );
  return {
    environments: rows.rows.map(({ environment }) => environment),
    definitions: new Map(kinds.rows.map(({ kind, count }) => [kind, count])),
  };
}

/**
 * The environment to serve: the wanted one, else `prod`, else the first by name, for what is applied keeps no other order.
 * Throws UsageError for one that there is not.
 */
export function chosenEnvironment(wanted: string | undefined, known: readonly string[]): string {
  const names = known.toSorted();
  if (wanted === undefined) return names.includes('prod') ? 'prod' : (names[0] ?? 'prod');
  if (names.length === 0 || names.includes(wanted)) return wanted;
  throw new UsageError(`the project has no environment "${wanted}". It has ${names.join(', ')}.`);
}

/** `13: 6 flags, 2 segments, 1 experiment, 3 metrics and the project`. */
export function definitionsInWords(definitions: ReadonlyMap<string, number>): string {
  const total = [...definitions.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'none yet';
  const kinds = ['flag', 'segment', 'experiment', 'metric'].filter((kind) => definitions.has(kind));
  const parts = kinds.map((kind) => counted(definitions.get(kind) ?? 0, kind));
  if (definitions.has('access')) parts.push('the access policy');
  const project = definitions.has('project') ? 'the project' : '';
  return `${total.toLocaleString('en')}: ${[parts.join(', '), project].filter(Boolean).join(' and ')}`;
}
