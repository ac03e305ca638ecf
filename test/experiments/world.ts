// A database with an experiment that is applied, and the units and events that a test wants: rows as the collector writes them.

import { Pool } from '../../src/db/pool.ts';
import type { Analysis } from '../../src/experiments/analysis.ts';
import { analyze } from '../../src/experiments/analyze.ts';
import type { ExperimentDefinition, MetricDefinition } from '../../src/model/definitions.gen.ts';
import { applyCommit } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

export const PROJECT = 'acme/shop';
export const EXPERIMENT = 'page-layout';
const DAY_MS = 86_400_000;
/** The first day of every experiment here. */
export const START_MS = Date.parse('2026-03-01T00:00:00Z');

export const day = (days: number) => START_MS + days * DAY_MS;
export const iso = (ms: number) => new Date(ms).toISOString();

export interface Unit {
  unit: string;
  arm: string;
  atMs: number;
  crossedOverMs?: number;
}

export interface Tracked {
  unit: string;
  event: string;
  atMs: number;
  value?: number | undefined;
  properties?: { [name: string]: unknown };
}

export const PURCHASE: MetricDefinition = {
  metric: 'purchase',
  type: 'binary',
  direction: 'increase',
  event: 'purchase',
};

export function experimentOf(overrides: Partial<ExperimentDefinition> = {}): ExperimentDefinition {
  return {
    experiment: EXPERIMENT,
    flag: 'checkout',
    status: 'running',
    environments: ['prod'],
    arms: [
      { variation: 'off', weight: 50 },
      { variation: 'on', weight: 50 },
    ],
    metrics: { primary: 'purchase' },
    ...overrides,
  };
}

export class World implements AsyncDisposable {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly project: string;
  /** Worlds beside this one, in the same database. */
  #beside = 0;
  readonly #isGuest: boolean;

  private constructor(database: TestDatabase, host?: World) {
    this.database = database;
    this.project = host ? `${PROJECT}-${++host.#beside}` : PROJECT;
    this.#isGuest = host !== undefined;
    this.pool =
      host?.pool ??
      new Pool(database.url, {
        applicationName: 'test',
        maxConnections: 4,
        statementTimeoutMs: 100_000,
      });
  }

  static async create(
    experiment: ExperimentDefinition = experimentOf(),
    metrics: MetricDefinition[] = [PURCHASE],
  ): Promise<World> {
    const world = new World(await createDatabase());
    await world.apply(experiment, metrics);
    return world;
  }

  /** A project of its own in this one's database, which costs less than another database. It ends with this one. */
  async beside(experiment = experimentOf(), metrics = [PURCHASE]): Promise<World> {
    const world = new World(this.database, this);
    await world.apply(experiment, metrics);
    return world;
  }

  async apply(experiment: ExperimentDefinition, metrics: MetricDefinition[] = []): Promise<void> {
    await applyCommit(this.pool, this.project, [
      { kind: 'experiment', key: experiment.experiment, body: experiment },
      ...metrics.map((metric) => ({ kind: 'metric', key: metric.metric, body: metric })),
    ]);
  }

  async assign(units: readonly Unit[], experiment = EXPERIMENT): Promise<void> {
    await this.pool.query(
      `insert into halyard.assignment
         (project, environment, experiment, unit, unit_attribute, arm, at, revision, crossover_arm, crossover_at)
       select $1, 'prod', $2, u.unit, 'targetingKey', u.arm, u.at::timestamptz, 1,
         case when u.crossed is not null then 'other' end, u.crossed::timestamptz
       from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as u (unit, arm, at, crossed)`,
      [
        ...[this.project, experiment, units.map(({ unit }) => unit), units.map(({ arm }) => arm)],
        units.map(({ atMs }) => iso(atMs)),
        units.map(({ crossedOverMs }) => (crossedOverMs === undefined ? null : iso(crossedOverMs))),
      ],
    );
  }

  async track(events: readonly Tracked[]): Promise<void> {
    await this.openDays(events.map(({ atMs }) => atMs));
    await this.pool.query(
      `insert into halyard.track_event (project, environment, event, unit_attribute, unit, at, value, properties)
       select $1, 'prod', e.event, 'targetingKey', e.unit, e.at::timestamptz, e.value, e.properties::jsonb
       from unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $6::text[]) as e (event, unit, at, value, properties)`,
      [
        ...[this.project, events.map(({ event }) => event), events.map(({ unit }) => unit)],
        ...[events.map(({ atMs }) => iso(atMs)), events.map(({ value }) => value ?? null)],
        events.map(({ properties }) => (properties ? JSON.stringify(properties) : null)),
      ],
    );
  }

  async openDays(instants: readonly number[]): Promise<void> {
    const days = [...new Set(instants.map((ms) => iso(ms).slice(0, 10)))];
    await this.pool.query('select halyard.open_event_day(d) from unnest($1::date[]) as d', [days]);
  }

  /** As the command does it, at an instant that the test chooses. */
  analyze(atMs: number, isKept = true): Promise<Analysis> {
    return analyze(this.pool, { project: this.project, experiment: EXPERIMENT, atMs, isKept });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isGuest) return;
    await this.pool.close();
    await this.database[Symbol.asyncDispose]();
  }
}

/** `count` units of each arm, in turn, one a minute from `fromMs`. */
export function unitsOf(count: number, fromMs = START_MS, prefix = 'u', arms = ['off', 'on']): Unit[] {
  return Array.from({ length: count * arms.length }, (_, at) => ({
    unit: `${prefix}${at}`,
    arm: arms[at % arms.length] as string,
    atMs: fromMs + at * 1_000,
  }));
}
