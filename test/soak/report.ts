// What a soak has found, and which promises that breaks.
import type { Course } from './gauges.ts';
import type { ByStolenTime, SlowCalls } from './seconds.ts';

interface Summary {
  answers: number;
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}

export interface LoadSummary extends ByStolenTime {
  sent: number;
  errorCount: number;
  errors: string[];
  newest: number;
  /** How late the load itself was, since the machine had no time for it; every latency contains that. */
  late: Summary;
  total: Summary;
  byCall: (Summary & { name: string })[];
}

export interface Findings {
  load: LoadSummary;
  seconds: number;
  perSecond: number;
  commits: number;
  restarts: number;
  slowEnded: number;
  rssMb: Course;
  heapMb: Course;
  descriptors: Course;
  timers: Course;
  machine: string;
}

export const MOST_P99_MS = 10;
/** What a value may grow over the last two thirds by its course: so much of itself. */
const MOST_GROWTH = 0.1;

export function print({
  load,
  seconds,
  perSecond,
  commits,
  restarts,
  slowEnded,
  machine,
  ...findings
}: Findings): void {
  console.log(`${machine}`);
  console.log(
    `${seconds} s at ${perSecond}/s: ${load.sent} calls, ${load.errorCount} errors; ${commits} commits, ${restarts} restarts of PostgreSQL, ${slowEnded} slow clients ended`,
  );
  for (const error of load.errors) console.log(`  ${error}`);
  for (const { name, ...summary } of [
    { name: 'all', ...load.total },
    ...load.byCall,
    { name: '(load’s own lateness)', ...load.late },
  ]) {
    const { answers, p50Ms, p99Ms, p999Ms, maxMs } = summary;
    const times = [p50Ms, p99Ms, p999Ms, maxMs].map((ms) => ms.toFixed(2).padStart(8)).join(' ');
    console.log(
      `  ${name.padEnd(22)} ${String(answers).padStart(9)} answers   p50 p99 p99.9 max: ${times} ms`,
    );
  }
  const slow = ({ seconds: count, answers, slow: calls }: SlowCalls) =>
    `${((100 * calls) / answers).toFixed(2)} % in ${count} seconds`;
  console.log(
    `  slower than ${MOST_P99_MS} ms: ${slow(load.ownSeconds)} in which the host left the processors to this machine, ${slow(load.stolenSeconds)} in which it gave other guests 2 % of them or more (${(load.stolen * 100).toFixed(1)} % in all)`,
  );
  for (const [name, { first, last, perMinute }] of Object.entries(findings)) {
    console.log(
      `  ${name.padEnd(12)} over the last two thirds: ${first.toFixed(1)} → ${last.toFixed(1)}, ${perMinute.toFixed(3)} a minute`,
    );
  }
}

/** The promises that are broken, in words. */
export function judge({
  load,
  seconds,
  perSecond,
  commits,
  rssMb,
  heapMb,
  descriptors,
  timers,
}: Findings): string[] {
  const growing = Object.entries({ rssMb, heapMb, descriptors, timers }).filter(
    // A timer that one sample has and others have not is no growth.
    ([, { first, perMinute }]) => (perMinute * seconds * 2) / 3 / 60 > Math.max(1, first * MOST_GROWTH),
  );
  return [
    ...(load.errorCount > 0 ? [`${load.errorCount} answers were no or wrong ones`] : []),
    ...(load.total.answers < seconds * perSecond * 0.99 ? [`only ${load.total.answers} answers came`] : []),
    ...(load.total.p99Ms > MOST_P99_MS ? [`p99 is ${load.total.p99Ms.toFixed(2)} ms`] : []),
    ...(load.newest < commits - 10
      ? [`revision ${load.newest} was the newest that was served, of ${commits}`]
      : []),
    ...growing.map(([name, { perMinute }]) => `${name} grows by ${perMinute.toFixed(3)} a minute`),
  ];
}
