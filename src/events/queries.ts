// What the collector reads: the project, the definitions that events are judged by, and assignments.
import type { Queryable } from '../db/pool.ts';
import { UsageError } from '../lib/errors.ts';
import type { MeasuredDefinition } from './known.ts';

/** The project of a key, or the only one. Throws a UsageError where there is none, or none is named of several. */
export async function readProject(
  database: Queryable,
  wanted: string | undefined,
): Promise<{ project: string; entry: number }> {
  const { rows } = await database.query<{ key: string; last_entry: number }>(
    `select p.key, p.last_entry from halyard.project p where $1::text is null or p.key = $1 order by p.key limit 2`,
    [wanted ?? null],
  );
  const [row, other] = rows;
  if (!row) {
    throw new UsageError(
      wanted === undefined
        ? 'the database has no project yet: `halyard sync` makes it from the first commit.'
        : `the database has no project ${wanted} yet: \`halyard sync\` makes it from the first commit.`,
    );
  }
  if (other) throw new UsageError('the database has several projects: say --project which one.');
  return { project: row.key, entry: row.last_entry };
}

export async function readMeasured(database: Queryable, project: string): Promise<MeasuredDefinition[]> {
  const { rows } = await database.query<MeasuredDefinition>(
    `select d.kind, d.key, d.body from halyard.measured_definition d where d.project = $1`,
    [project],
  );
  return rows;
}

export interface Assignment {
  unit: string;
  unitAttribute: string;
  arm: string;
  /** RFC 3339, UTC. */
  at: string;
  revision: number | null;
  /** The first other arm that the unit was given later; null where there is none. */
  crossover: { arm: string; at: string } | null;
}

interface AssignmentRow {
  unit: string;
  unit_attribute: string;
  arm: string;
  at: Date;
  revision: number | null;
  crossover_arm: string | null;
  crossover_at: Date | null;
}

export interface AssignmentKey {
  project: string;
  environment: string;
  experiment: string;
}

/** Undefined where the unit was never exposed. */
export async function readAssignment(
  database: Queryable,
  { project, environment, experiment }: AssignmentKey,
  unit: string,
): Promise<Assignment | undefined> {
  const { rows } = await database.query<AssignmentRow>(
    `select a.unit, a.unit_attribute, a.arm, a.at, a.revision, a.crossover_arm, a.crossover_at
     from halyard.assignment a
     where a.project = $1 and a.environment = $2 and a.experiment = $3 and a.unit = $4`,
    [project, environment, experiment, unit],
  );
  return rows[0] && assignmentOf(rows[0]);
}

/** The next `most` assignments in the order of units (by their UTF-8 bytes) after a unit; from the first one without. */
export async function readAssignments(
  database: Queryable,
  { project, environment, experiment }: AssignmentKey,
  { after = '', most }: { after?: string | undefined; most: number },
): Promise<Assignment[]> {
  const { rows } = await database.query<AssignmentRow>(
    `select a.unit, a.unit_attribute, a.arm, a.at, a.revision, a.crossover_arm, a.crossover_at
     from halyard.assignment a
     where a.project = $1 and a.environment = $2 and a.experiment = $3 and a.unit > $4
     order by a.unit limit $5`,
    [project, environment, experiment, after, most],
  );
  return rows.map(assignmentOf);
}

function assignmentOf(row: AssignmentRow): Assignment {
  const { unit, unit_attribute: unitAttribute, arm, revision, crossover_arm, crossover_at } = row;
  const crossover =
    crossover_arm === null || crossover_at === null
      ? null
      : { arm: crossover_arm, at: crossover_at.toISOString() };
  return { unit, unitAttribute, arm, at: row.at.toISOString(), revision, crossover };
}
