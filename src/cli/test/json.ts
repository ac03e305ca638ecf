// What `halyard test --format json` prints: everything, for other programs.
import { percent } from './coverage-text.ts';
import type { Round } from './round.ts';

export function roundJson({
  path,
  ok,
  problems,
  results,
  files,
  coverage,
  minCoverage,
  durationMs,
}: Round): string {
  const cases = results.map(({ case: one, failures, explanation, durationMs }) => ({
    file: one.file,
    line: one.line,
    column: one.column,
    flag: one.flag,
    environment: one.environment,
    name: one.name,
    passed: failures.length === 0,
    ...(failures.length > 0 && { failures, explanation }),
    durationMs: rounded(durationMs),
  }));
  const failed = cases.filter(({ passed }) => !passed).length;
  const report = {
    ok,
    path,
    files,
    passed: cases.length - failed,
    failed,
    durationMs: rounded(durationMs),
    problems,
    cases,
    ...(coverage && { coverage: { percent: percent(coverage), minimum: minCoverage, ...coverage } }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Microseconds are as much as a clock can tell. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
