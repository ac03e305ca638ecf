// What a soak has found, and which promises that breaks.
import type { Course } from './gauges.ts';
import type { ByStolenTime } from './seconds.ts';
import type { Summary } from './summary.ts';

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

/** Of calls in seconds in which the machine had its processors; what the host takes is beyond any relay. */
const MOST_P99_MS = 10;
/** Of all seconds. */
const LEAST_OWN = 0.3;
/** What a value may grow over the last two thirds by its course: so much of itself. */
const MOST_GROWTH = 0.1;
/** Values that a course needs to say whether anything grows. */
const LEAST_POINTS = 3;

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
  console.log(
    `${machine}; the host gave other guests ${(load.stolen * 100).toFixed(1)} % of its processors, and in disturbed seconds 2 % or more`,
  );
  console.log(
    `${seconds} s at ${perSecond}/s: ${load.sent} calls, ${load.errorCount} errors; ${commits} commits, ${restarts} restarts of PostgreSQL, ${slowEnded} slow clients ended`,
  );
  for (const error of load.errors) console.log(`  ${error}`);
  for (const { name, ...summary } of [
    { name: 'all', ...load.total },
    { name: `in ${load.own.seconds} s undisturbed`, ...load.own },
    { name: `in ${load.disturbed.seconds} s disturbed`, ...load.disturbed },
    ...load.byCall,
    { name: '(load’s own lateness)', ...load.late },
  ]) {
    const { answers, p50Ms, p99Ms, p999Ms, maxMs } = summary;
    if (answers === 0) continue;
    const times = [p50Ms, p99Ms, p999Ms, maxMs].map((ms) => ms.toFixed(2).padStart(8)).join(' ');
    console.log(
      `  ${name.padEnd(22)} ${String(answers).padStart(9)} answers   p50 p99 p99.9 max: ${times} ms`,
    );
  }
  for (const [name, { points, first, last, perMinute }] of Object.entries(findings)) {
    console.log(
      `  ${name.padEnd(12)} over the last two thirds: ${first.toFixed(1)} → ${last.toFixed(1)}, ${perMinute.toFixed(3)} a minute, of ${points} values`,
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
  const courses = Object.entries({ rssMb, heapMb, descriptors, timers });
  const growing = courses.filter(
    // A timer that one sample has and others have not is no growth.
    ([, { first, perMinute }]) => (perMinute * seconds * 2) / 3 / 60 > Math.max(1, first * MOST_GROWTH),
  );
  return [
    ...(load.errorCount > 0 ? [`${load.errorCount} answers were no or wrong ones`] : []),
    ...(load.total.answers < seconds * perSecond * 0.99 ? [`only ${load.total.answers} answers came`] : []),
    ...(load.own.p99Ms > MOST_P99_MS ? [`p99 is ${load.own.p99Ms.toFixed(2)} ms, undisturbed`] : []),
    ...(load.own.seconds < seconds * LEAST_OWN
      ? [`only ${load.own.seconds} seconds were undisturbed, which say too little`]
      : []),
    ...(load.newest < commits - 10
      ? [`revision ${load.newest} was the newest that was served, of ${commits}`]
      : []),
    ...courses
      .filter(([, { points }]) => points < LEAST_POINTS)
      .map(([name, { points }]) => `${name} has only ${points} values, which say too little`),
    ...growing.map(([name, { perMinute }]) => `${name} grows by ${perMinute.toFixed(3)} a minute`),
  ];
}
