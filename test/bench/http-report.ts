// The tables of the HTTP bench: each contender's medians, and beside them what they are of the first one's.
import type { Call } from './http-calls.ts';
import { median, sum, table } from './report.ts';

export interface Server {
  port: number;
  /** Processor time that it has spent, in microseconds. */
  cpuMicros: () => Promise<number>;
  stop: () => void;
}

/** What is measured side by side; the others are compared to the first. */
export interface Contender {
  name: string;
  /** Which of the servers that each round starts anew. */
  server: string;
  /** One for each connection in turn. */
  calls: Call[];
}

export interface Race {
  title: string;
  connections: number;
  /** For the latencies; absent where a contender could not keep up with any that says something. */
  perSecond?: number;
  contenders: Contender[];
}

export interface Round {
  perSecond: number;
  cpuMicros: number;
  /** In microseconds, as are the others: of the slice in the middle, since a machine's pause makes that of a single one. */
  p99: number;
  /** At the fixed rate; NaN where there is none. */
  openP50: number;
  openP99: number;
}

/** A contender's median, and its figure divided by the first one's: the geometric mean over the rounds, with its standard error. */
function cell(all: Round[][], at: number, read: (round: Round) => number): string[] {
  const figures = (all[at] ?? []).map(read);
  const value = median(figures);
  const digits = value < 100 ? 1 : 0;
  const ratios = (all[0] ?? []).map((first, n) => (figures[n] as number) / read(first));
  return [value.toFixed(digits), at === 0 ? '' : meanRatio(ratios)];
}

function meanRatio(ratios: readonly number[]): string {
  const logs = ratios.map(Math.log);
  const mean = sum(logs) / logs.length;
  const variance = sum(logs.map((log) => (log - mean) ** 2)) / (logs.length - 1);
  const ratio = Math.exp(mean);
  return `${ratio.toFixed(2)} ± ${(ratio * Math.sqrt(variance / logs.length)).toFixed(2)}`;
}

/** The table of one race. */
export function report(race: Race, all: Round[][]): string {
  const fixed = race.perSecond ? [`at ${race.perSecond}/s: p50`, '', 'p99', ''] : [];
  const heads = ['', 'requests/s', '', 'CPU µs', '', 'p99 µs', '', ...fixed];
  const rows = race.contenders.map(({ name }, at) => [
    name,
    ...cell(all, at, (each) => each.perSecond),
    ...cell(all, at, (each) => each.cpuMicros),
    ...cell(all, at, (each) => each.p99),
    ...(race.perSecond
      ? [...cell(all, at, (each) => each.openP50), ...cell(all, at, (each) => each.openP99)]
      : []),
  ]);
  return `${race.title}, ${race.connections} connections\n\n${table([heads, ...rows])}\n`;
}
