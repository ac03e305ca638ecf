// Moves what one process has counted to another one: as what was counted since the last time, so that sums stay when a process goes.
import { CountBy, type Counters, type EvaluationCount, type Latency } from '../counters.ts';

/** Plain JSON. Members are named as those of `Counters`. */
export interface Counts {
  evaluations?: readonly EvaluationCount[];
  numbers?: { [name: string]: number };
  words?: { [name: string]: readonly [word: string, count: number][] };
  latency?: { [api: string]: { counts: readonly number[]; sumSeconds: number } };
}

/** They go up and down, so they are no sums. */
const GAUGES = new Set(['requestsInFlight']);
/** A part has so many evaluations: some milliseconds' work at the other end would be felt by its callers. */
const PART = 500;

/** Takes everything out of the counters, in parts. */
export function* takeCounts(counters: Counters): Generator<Counts> {
  const counts: Required<Omit<Counts, 'evaluations'>> = { numbers: {}, words: {}, latency: {} };
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === 'number' && value !== 0 && !GAUGES.has(name)) {
      counts.numbers[name] = value;
      (counters as unknown as { [name: string]: number })[name] = 0;
    } else if (value instanceof CountBy && value.size > 0) {
      counts.words[name] = [...value];
      value.clear();
    }
  }
  for (const [api, latency] of Object.entries(counters.latency)) {
    if (latency.sumSeconds > 0) counts.latency[api] = latency.take();
  }
  yield counts;
  const evaluations = counters.evaluations.takeAll();
  for (let at = 0; at < evaluations.length; at += PART)
    yield { evaluations: evaluations.slice(at, at + PART) };
}

/** Adds what another process has taken out of its own. */
export function addCounts(counters: Counters, { evaluations = [], numbers, words, latency }: Counts): void {
  const all = counters as unknown as { [name: string]: unknown };
  for (const count of evaluations) counters.evaluations.add(count);
  for (const [name, count] of Object.entries(numbers ?? {})) all[name] = (all[name] as number) + count;
  for (const [name, list] of Object.entries(words ?? {})) {
    for (const [word, count] of list) (all[name] as CountBy<string>).add(word, count);
  }
  for (const [api, more] of Object.entries(latency ?? {})) {
    const known = (counters.latency as { [api: string]: Latency })[api];
    known?.add(more);
  }
}
