// What an experiment is, as it is applied: its definition and those of its metrics, and the design that a plan is made of.
import type { Queryable } from '../db/pool.ts';
import { hintFor } from '../definitions/suggest.ts';
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import type { ExperimentDefinition, MetricDefinition } from '../model/definitions.gen.ts';
import type { Boundary } from '../stats/sequential/plan.ts';

export interface Arm {
  arm: string;
  /** Percent of the experiment's units. */
  weight: number;
}

/** What decides: it is recorded with the plan, and stands from then on. */
export interface Design {
  /** The first is the baseline. */
  arms: Arm[];
  /** The attribute whose value a unit is. */
  unit: string;
  primary: MetricDefinition;
  alpha: number;
  power: number;
  minimumEffect: number | null;
  /** The last day, YYYY-MM-DD. */
  end: string | null;
  sequential: { looks: number; boundary: Boundary } | null;
  cupedDays: number | null;
}

export interface Setup {
  project: string;
  environment: string;
  experiment: string;
  /** The project's, as it is applied. */
  revision: number;
  definition: ExperimentDefinition;
  design: Design;
  secondary: MetricDefinition[];
  guardrails: MetricDefinition[];
}

export interface Named {
  project: string;
  experiment: string;
  /** Needed where the experiment runs in several. */
  environment?: string | undefined;
}

/** Reads an experiment as it is applied. Throws UsageError where there is none, or nothing is measured, or no environment is meant. */
export async function readSetup(connection: Queryable, named: Named): Promise<Setup> {
  const { project, experiment } = named;
  const definition = await readExperiment(connection, project, experiment);
  const environment = chooseEnvironment(definition, named.environment);
  const { primary, secondary = [], guardrails = [] } = definition.metrics ?? {};
  if (primary === undefined) {
    throw new UsageError(
      `the experiment ${ticked(experiment)} measures nothing: it has no \`metrics.primary\`.`,
    );
  }
  const metrics = await readMetrics(connection, project, [primary, ...secondary, ...guardrails]);
  const ofKeys = (keys: string[]) => keys.map((key) => knownMetric(metrics, key, experiment));
  return {
    project,
    environment,
    experiment,
    revision: await readRevision(connection, project),
    definition,
    design: designOf(definition, knownMetric(metrics, primary, experiment)),
    secondary: ofKeys(secondary),
    guardrails: ofKeys(guardrails),
  };
}

/** What a definition would be, were it applied: of the primary metric alone. */
export function setupOf(
  project: string,
  environment: string,
  definition: ExperimentDefinition,
  primary: MetricDefinition,
): Setup {
  return {
    ...{ project, environment, experiment: definition.experiment, revision: 0, definition },
    ...{ design: designOf(definition, primary), secondary: [], guardrails: [] },
  };
}

function designOf(
  { arms, unit, end, analysis = {} }: ExperimentDefinition,
  primary: MetricDefinition,
): Design {
  const { alpha = 0.05, power = 0.8, minimumEffect = null, sequential, cuped } = analysis;
  return {
    arms: armsOf(arms),
    unit: unit ?? 'targetingKey',
    primary,
    alpha,
    power,
    minimumEffect,
    end: end ?? null,
    sequential: sequential ? { looks: sequential.looks, boundary: sequential.boundary ?? 'pocock' } : null,
    cupedDays: cuped?.days ?? null,
  };
}

/** A variation that is written twice is one arm, with both weights. */
function armsOf(written: ExperimentDefinition['arms']): Arm[] {
  const weights = new Map<string, number>();
  for (const { variation, weight } of written) weights.set(variation, (weights.get(variation) ?? 0) + weight);
  return Array.from(weights, ([arm, weight]) => ({ arm, weight }));
}

async function readExperiment(
  connection: Queryable,
  project: string,
  experiment: string,
): Promise<ExperimentDefinition> {
  const { rows } = await connection.query<{ body: string }>(
    `select d.body from halyard.measured_definition d
     where d.project = $1 and d.kind = 'experiment' and d.key = $2`,
    [project, experiment],
  );
  if (rows[0]) return JSON.parse(rows[0].body);
  const others = await connection.query<{ key: string }>(
    `select d.key from halyard.measured_definition d where d.project = $1 and d.kind = 'experiment' order by d.key`,
    [project],
  );
  const keys = others.rows.map(({ key }) => key);
  throw new UsageError(
    `${project} has no experiment ${ticked(experiment)} that is applied. ` +
      hintFor(experiment, keys, 'Apply it with `halyard sync`.', 'There are'),
  );
}

function chooseEnvironment({ experiment, environments }: ExperimentDefinition, named?: string): string {
  if (named !== undefined) {
    if (environments.includes(named)) return named;
    throw new UsageError(
      `the experiment ${ticked(experiment)} does not run in ${ticked(named)}. ` +
        hintFor(named, environments, '', 'It runs in'),
    );
  }
  const [only, ...others] = environments;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    `the experiment ${ticked(experiment)} runs in several environments. ` +
      `Name one with --environment: ${environments.join(', ')}.`,
  );
}

async function readMetrics(
  connection: Queryable,
  project: string,
  keys: string[],
): Promise<Map<string, MetricDefinition>> {
  const { rows } = await connection.query<{ key: string; body: string }>(
    `select d.key, d.body from halyard.measured_definition d
     where d.project = $1 and d.kind = 'metric' and d.key = any ($2)`,
    [project, keys],
  );
  return new Map(rows.map(({ key, body }) => [key, JSON.parse(body)]));
}

function knownMetric(
  metrics: Map<string, MetricDefinition>,
  key: string,
  experiment: string,
): MetricDefinition {
  const metric = metrics.get(key);
  if (metric) return metric;
  throw new UsageError(
    `the experiment ${ticked(experiment)} names a metric ${ticked(key)} that is not applied.`,
  );
}

async function readRevision(connection: Queryable, project: string): Promise<number> {
  const { rows } = await connection.query<{ revision: number }>(
    'select coalesce(max(r.number), 0) as revision from halyard.revision r where r.project = $1',
    [project],
  );
  return rows[0]?.revision ?? 0;
}
