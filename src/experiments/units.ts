// How many units each arm was given, who of them crossed over, and whose windows are still open.
import type { Queryable } from '../db/pool.ts';
import { DAY_MS, instant, type Scope } from './scope.ts';

export interface ArmUnits {
  arm: string;
  /** Given this arm first, those included that crossed over later. */
  assigned: number;
  crossedOver: number;
  /** Assigned and not crossed over: those who are measured. */
  measured: number;
  /** Of those measured, who came in the last seven days. */
  recent: number;
  firstMs: number;
  /** Of those measured, by window in the order asked: for whom it is not over yet. */
  open: number[];
}

/** No experiment has so many arms; what is beyond is somebody's mistake. */
const MOST_ARMS = 100;
const RECENT_MS = 7 * DAY_MS;

/** The arms that units were given, whether the experiment has them or not. A unit that crosses over after `atMs` had not then. */
export async function readUnits(
  connection: Queryable,
  scope: Scope,
  windowsMs: readonly number[],
): Promise<ArmUnits[]> {
  const { rows } = await connection.query<Omit<ArmUnits, 'measured'>>(
    `select s.arm, count(*)::integer as assigned,
       (count(*) filter (where s.crossover_at <= $5))::integer as "crossedOver",
       (count(*) filter (where ${STAYED} and s.at > $6))::integer as recent,
       extract(epoch from min(s.at))::double precision * 1000 as "firstMs",
       array[${windowsMs.map((_, at) => `count(*) filter (where ${STAYED} and s.at > $${at + 7})`)}]::integer[] as open
     from halyard.assignment s
     where s.project = $1 and s.environment = $2 and s.experiment = $3 and s.unit_attribute = $4 and s.at <= $5
     group by s.arm order by count(*) desc, s.arm limit ${MOST_ARMS}`,
    [
      ...[scope.project, scope.environment, scope.experiment, scope.unit, instant(scope.atMs)],
      ...[RECENT_MS, ...windowsMs].map((ms) => instant(scope.atMs - ms)),
    ],
  );
  return rows.map((row) => ({ ...row, measured: row.assigned - row.crossedOver }));
}

/** With `$5` as the instant of the analysis. */
export const STAYED = '(s.crossover_at is null or s.crossover_at > $5)';
