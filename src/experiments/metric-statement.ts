// The one statement that reduces a metric's raw events to moments per arm; no event ever leaves the database.
import type { MetricDefinition } from '../model/definitions.gen.ts';
import { DAY_MS, eventsOf, instant, type Scope, windowMs } from './scope.ts';
import { STAYED } from './units.ts';

export interface MetricQuestion {
  metric: MetricDefinition;
  /** The arms that are compared, and how many units of each are measured. */
  arms: readonly { arm: string; units: number }[];
  /** Before the first exposure, for the covariate; 0: none. A ratio has none. */
  covariateDays: number;
  /** The first exposure of all. */
  sinceMs: number;
  /** Units that were exposed later do not count; the instant of the analysis if left out. */
  exposedByMs?: number;
  /** Before an experiment has units: whoever had any event since then stands for them, as exposed by the first of these. */
  activeSinceMs?: number;
}

/** The one arm of those who are active. */
export const ACTIVE = 'active';

/** Adds a value, and says what stands for it. */
type Bind = (value: unknown) => string;

/** Farther from 0 than this, squares overflow; what tracks such a value is broken. */
const MOST = 1e100;
const AFTER = 'filter (where e.at >= s.at)';
const BEFORE = 'filter (where e.at < s.at)';

/** The statement with its values. `y` is what is measured, `x` a ratio's denominator, or else the covariate. */
export function metricStatement(scope: Scope, question: MetricQuestion): { text: string; values: unknown[] } {
  const { metric, arms, covariateDays, sinceMs, exposedByMs = scope.atMs } = question;
  const values: unknown[] = [
    ...[scope.project, scope.environment, scope.experiment, scope.unit, instant(scope.atMs)],
    instant(sinceMs - covariateDays * DAY_MS),
    eventsOf(metric),
    arms.map(({ arm }) => arm),
    instant(exposedByMs),
  ];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const { y, x } = perUnit(metric, covariateDays > 0, bind);
  const window = windowMs(metric);
  const until = window === null ? '' : `and e.at < s.at + ${bind(`${window} milliseconds`)}::interval`;
  // A day of an interval is one of the session's time zone, of 23 hours or 25 now and then; an hour is an hour.
  const from = covariateDays === 0 ? 's.at' : `s.at - ${bind(`${covariateDays * 24} hours`)}::interval`;
  const text = `
with subject as not materialized (
  ${subjects(question, bind)}
), per_unit as materialized (
  select s.arm, ${y} as y, ${x ?? 'null::double precision'} as x
  from subject s join halyard.track_event e on e.unit = s.unit
  where s.arm = any ($8) and s.at <= $9
    and e.project = $1 and e.environment = $2 and e.unit_attribute = $4 and e.event = any ($7)
    and e.at >= $6 and e.at <= $5 and e.at >= ${from} ${until}
  group by s.unit, s.arm
), sample as (
  ${sampled(question, x !== undefined, bind)}
), ${capped(metric, bind)}
select c.arm, count(*)::integer as n, (count(*) filter (where c.y > 0))::integer as positive,
  avg(c.y) as "yMean", var_samp(c.y) as "yVariance", avg(c.x) as "xMean", var_samp(c.x) as "xVariance",
  covar_samp(c.y, c.x) as covariance, max(c.y_cap) as cap, (sum(c.is_capped))::integer as capped,
  (sum(c.lacks_x))::integer as "lacksX"
from counted c group by c.arm`;
  return { text, values };
}

function subjects({ activeSinceMs }: MetricQuestion, bind: Bind): string {
  if (activeSinceMs === undefined)
    return `select s.unit, s.arm, s.at from halyard.assignment s
  where s.project = $1 and s.environment = $2 and s.experiment = $3 and s.unit_attribute = $4 and ${STAYED}`;
  return `select e.unit, '${ACTIVE}' as arm, min(e.at) as at from halyard.track_event e
  where e.project = $1 and e.environment = $2 and $3::text is not null and e.unit_attribute = $4
    and e.at > ${bind(instant(activeSinceMs))} and e.at <= $5
  group by e.unit`;
}

/** What a unit's events become; none of them yet is 0, and for a mean null. */
function perUnit(metric: MetricDefinition, hasCovariate: boolean, bind: Bind): { y: string; x?: string } {
  const both = (of: (filter: string) => string) => ({ y: of(AFTER), ...(hasCovariate && { x: of(BEFORE) }) });
  const count = (filter: string) => `(count(*) ${filter})::double precision`;
  switch (metric.type) {
    case 'binary':
      return both((filter) => `(count(*) ${filter} > 0)::integer::double precision`);
    case 'count': {
      if (metric.value === undefined) return both(count);
      const value = numberOf(metric.value, bind);
      return both((filter) => `coalesce(sum(${value}) ${filter}, 0)`);
    }
    case 'mean': {
      const value = numberOf(metric.value ?? 'value', bind);
      return both((filter) => `avg(${value}) ${filter}`);
    }
    case 'ratio':
      return {
        y: count(`filter (where e.event = ${bind(metric.numerator)})`),
        x: count(`filter (where e.event = ${bind(metric.denominator)})`),
      };
  }
}

/** The number that an event carries; what is none, or absurd, is no value. */
function numberOf(name: string, bind: Bind): string {
  const number = name === 'value' ? 'e.value' : numberAt(`(e.properties -> ${bind(name)}::text)`);
  return `(case when abs(${number}) <= ${MOST} then ${number} end)`;
}

function numberAt(member: string): string {
  return `(case jsonb_typeof(${member}) when 'number' then ${member}::double precision end)`;
}

/** A row for each unit that counts. Those without any event are zeros; of a mean they are none. */
function sampled({ metric, arms }: MetricQuestion, hasX: boolean, bind: Bind): string {
  const found = 'select p.arm, p.y, p.x from per_unit p';
  if (metric.type === 'mean') return `${found} where p.y is not null`;
  return `${found}
  union all
  select z.arm, 0, ${hasX ? '0' : 'null'}
  from unnest($8::text[], ${bind(arms.map(({ units }) => units))}::integer[]) as z (arm, units),
    generate_series(1, z.units - (select count(*) from per_unit p where p.arm = z.arm))`;
}

/**
 * Values above the percentile of all arms together become it, measured ones and covariates each by their own. Who has no covariate
 * of a mean is given the average one, which adjusts nothing.
 */
function capped({ type, cap }: MetricDefinition, bind: Bind): string {
  const isCapped = cap !== undefined && type !== 'binary';
  const percentile = (of: string) => `percentile_cont(${bind(cap)}) within group (order by s.${of}) as ${of}`;
  const limited = isCapped
    ? `cap as (select ${percentile('y')}, ${percentile('x')} from sample s), limited as (
  select s.arm, least(s.y, cap.y) as y, case when s.x > cap.x then cap.x else s.x end as x, cap.y as y_cap,
    (s.y > cap.y)::integer as is_capped
  from sample s cross join cap
)`
    : 'limited as (select s.arm, s.y, s.x, null::double precision as y_cap, 0 as is_capped from sample s)';
  const x = type === 'mean' ? 'coalesce(l.x, avg(l.x) over ())' : 'l.x';
  return `${limited}, counted as (
  select l.arm, l.y, ${x} as x, l.y_cap, l.is_capped, (l.x is null)::integer as lacks_x from limited l
)`;
}
