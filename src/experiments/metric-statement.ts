// The statements that reduce a metric's raw events to moments per arm; no event ever leaves the database.
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

/** An earlier instant, and how a unit's value is adjusted: what it is less `slope` times its denominator or covariate. */
export interface Earlier {
  atMs: number;
  slope: number;
  /** What stands in where a unit has a value and no covariate. */
  otherMean: number;
  cap: number | null;
  otherCap: number | null;
}

export interface Statement {
  text: string;
  values: unknown[];
}

/** Adds a value, and says what stands for it. */
type Bind = (value: unknown) => string;

/** Two numbers of a unit, as expressions over its events. */
interface Pair {
  y: string;
  x?: string;
}

/** Farther from 0 than this, squares overflow; what tracks such a value is broken. */
const MOST = 1e100;
const AFTER = 'e.at >= s.at';
const BEFORE = 'e.at < s.at';

/** Moments per arm. `y` is what is measured, `x` a ratio's denominator, or else the covariate. */
export function metricStatement(scope: Scope, question: MetricQuestion): Statement {
  const { metric, covariateDays } = question;
  const pairOf = (bind: Bind) => ({
    y: valueIn(metric, AFTER, bind),
    ...((metric.type === 'ratio' || covariateDays > 0) && { x: otherIn(metric, AFTER, bind) }),
  });
  return statement(
    scope,
    question,
    pairOf,
    (bind) => `, ${capped(metric, bind)}
select c.arm, count(*)::integer as n, (count(*) filter (where c.y > 0))::integer as positive,
  avg(c.y) as "yMean", var_samp(c.y) as "yVariance", avg(c.x) as "xMean", var_samp(c.x) as "xVariance",
  covar_samp(c.y, c.x) as covariance, max(c.y_cap) as cap, max(c.x_cap) as "otherCap",
  (sum(c.is_capped))::integer as capped, (sum(c.lacks_x))::integer as "lacksX"
from counted c group by c.arm`,
  );
}

/**
 * What adjusted values have in common with what they were at an earlier instant: how many there are, and the sums of squares within arms
 * of what they were `before` and are `now`, of the `products` of both, and of what they have `changed` by. `question` is of the units that were exposed by then.
 */
export function inCommonStatement(scope: Scope, question: MetricQuestion, earlier: Earlier): Statement {
  return statement(
    scope,
    question,
    (bind) => ({
      y: adjustedIn(question.metric, earlier, AFTER, bind),
      x: adjustedIn(question.metric, earlier, `${AFTER} and e.at <= ${bind(instant(earlier.atMs))}`, bind),
    }),
    () => `
select coalesce(sum(a.n), 0)::integer as n, sum(a.sxx) as before, sum(a.syy) as now, sum(a.sxy) as products,
  sum(a.changed) as changed
from (
  select regr_count(s.y, s.x) as n, regr_sxx(s.y, s.x) as sxx, regr_syy(s.y, s.x) as syy, regr_sxy(s.y, s.x) as sxy,
    sum((s.y - s.x) * (s.y - s.x)) as changed
  from sample s group by s.arm
) a`,
  );
}

/** A statement over `sample (arm, y, x)`, which has a row for each unit that counts. */
function statement(
  scope: Scope,
  question: MetricQuestion,
  pairOf: (bind: Bind) => Pair,
  ending: (bind: Bind) => string,
): Statement {
  const { metric, arms, covariateDays, sinceMs, exposedByMs = scope.atMs } = question;
  const values: unknown[] = [
    ...[scope.project, scope.environment, scope.experiment, scope.unit, instant(scope.atMs)],
    instant(sinceMs - covariateDays * DAY_MS),
    eventsOf(metric),
    arms.map(({ arm }) => arm),
    instant(exposedByMs),
  ];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const { y, x } = pairOf(bind);
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
)${ending(bind)}`;
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

/** What a unit's events of some time become; none of them is 0, and for a mean null. */
function valueIn(metric: MetricDefinition, when: string, bind: Bind): string {
  const filter = `filter (where ${when})`;
  switch (metric.type) {
    case 'binary':
      return `(count(*) ${filter} > 0)::integer::double precision`;
    case 'count':
      return metric.value === undefined
        ? `(count(*) ${filter})::double precision`
        : `coalesce(sum(${numberOf(metric.value, bind)}) ${filter}, 0)`;
    case 'mean':
      return `avg(${numberOf(metric.value ?? 'value', bind)}) ${filter}`;
    case 'ratio':
      return eventsNamed(metric.numerator, when, bind);
  }
}

/** Beside it: a ratio's denominator of the same time, or what was before the unit's first exposure. */
function otherIn(metric: MetricDefinition, when: string, bind: Bind): string {
  return metric.type === 'ratio'
    ? eventsNamed(metric.denominator, when, bind)
    : valueIn(metric, BEFORE, bind);
}

function eventsNamed(event: string | undefined, when: string, bind: Bind): string {
  return `(count(*) filter (where ${when} and e.event = ${bind(event)}))::double precision`;
}

/** What the test is about: the value, less the slope times its denominator or covariate. */
function adjustedIn(
  metric: MetricDefinition,
  { slope, otherMean, cap, otherCap }: Earlier,
  when: string,
  bind: Bind,
): string {
  const value = atMost(valueIn(metric, when, bind), cap, bind);
  if (slope === 0) return value;
  const other = atMost(otherIn(metric, when, bind), otherCap, bind);
  return `(${value} - ${bind(slope)} * coalesce(${other}, ${bind(otherMean)}))`;
}

/** Null stays null. */
function atMost(value: string, cap: number | null, bind: Bind): string {
  if (cap === null) return value;
  const most = bind(cap);
  return `(case when ${value} > ${most} then ${most} else ${value} end)`;
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
  select s.arm, least(s.y, cap.y) as y, case when s.x > cap.x then cap.x else s.x end as x, cap.y as y_cap, cap.x as x_cap,
    (s.y > cap.y)::integer as is_capped
  from sample s cross join cap
)`
    : `limited as (
  select s.arm, s.y, s.x, null::double precision as y_cap, null::double precision as x_cap, 0 as is_capped from sample s
)`;
  const x = type === 'mean' ? 'coalesce(l.x, avg(l.x) over ())' : 'l.x';
  return `${limited}, counted as (
  select l.arm, l.y, ${x} as x, l.y_cap, l.x_cap, l.is_capped, (l.x is null)::integer as lacks_x from limited l
)`;
}
