// The analyses that were shown: listed, and found again.
import type { Queryable } from '../db/pool.ts';
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import type { Analysis, Verdict } from './analysis.ts';
import { withCourse } from './course.ts';
import { readCourse } from './kept.ts';
import type { Named } from './setup.ts';

export interface KeptAnalysis {
  number: number;
  environment: string;
  at: string;
  /** The planned look that it took; null: none. */
  look: number | null;
  units: number;
  verdict: Verdict;
  /** The login that asked. */
  by: string;
}

/** A page of the list. */
export const PAGE_SIZE = 50;

/** The latest analyses of an experiment, newest first. */
export async function listAnalyses(connection: Queryable, named: Named): Promise<KeptAnalysis[]> {
  const { rows } = await connection.query<Omit<KeptAnalysis, 'at'> & { at: Date }>(
    `select k.number, k.environment, k.at, k.look, (k.content #>> '{progress,units}')::integer as units,
       k.content -> 'verdict' as verdict, k.recorded_by::text as by
     from halyard.experiment_snapshot k
     where k.project = $1 and k.experiment = $2 and ($3::text is null or k.environment = $3)
     order by k.at desc, k.number desc limit ${PAGE_SIZE}`,
    [named.project, named.experiment, named.environment ?? null],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** One of them as it was shown. Throws UsageError where there is none, or several environments have one. */
export async function readAnalysis(connection: Queryable, named: Named, number: number): Promise<Analysis> {
  const { rows } = await connection.query<{ content: Analysis }>(
    `select k.content from halyard.experiment_snapshot k
     where k.project = $1 and k.experiment = $2 and ($3::text is null or k.environment = $3) and k.number = $4
     order by k.environment`,
    [named.project, named.experiment, named.environment ?? null, number],
  );
  const [only, ...others] = rows;
  const what = `analysis ${number} of ${ticked(named.experiment)}`;
  if (!only)
    throw new UsageError(
      `there is no ${what}. List them with \`halyard analyze ${named.experiment} --history\`.`,
    );
  if (others.length > 0) {
    const names = rows.map(({ content }) => content.environment).join(', ');
    throw new UsageError(`several environments have an ${what}. Name one with --environment: ${names}.`);
  }
  const { project, environment, experiment, at } = only.content;
  const course = await readCourse(connection, {
    project,
    environment,
    experiment,
    unit: '',
    atMs: Date.parse(at),
  });
  return withCourse({ ...only.content, course });
}
