// The list of analyses as people read it.
import type { Verdict } from '../../experiments/analysis.ts';
import type { KeptAnalysis } from '../../experiments/history.ts';
import { printable } from '../../lib/printable.ts';

/** One line an analysis, under a header. */
export function historyLines(analyses: readonly KeptAnalysis[]): string[] {
  if (analyses.length === 0) return ['No analysis has been shown yet.'];
  const header = ['NUMBER', 'AT', 'ENVIRONMENT', 'LOOK', 'UNITS', 'VERDICT', 'BY'];
  const cells = analyses.map(({ number, at, environment, look, units, verdict, by }) => [
    String(number),
    at,
    environment,
    look === null ? '–' : String(look),
    units.toLocaleString('en'),
    verdictText(verdict),
    by,
  ]);
  const table = [header, ...cells].map((line) => line.map((cell) => printable(cell)));
  const widths = header.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  return table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function verdictText(verdict: Verdict): string {
  return 'arm' in verdict ? `${verdict.kind}: ${verdict.arm}` : verdict.kind;
}
