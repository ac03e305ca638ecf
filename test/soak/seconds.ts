// Second by second: what of the processors the host gave to other guests, and how long calls took meanwhile.
import { readFileSync } from 'node:fs';
import { type Summary, summary } from './summary.ts';

const MUCH = 0.02;

export interface ByStolenTime {
  /** The share of all the processors' time that the host gave to other guests. */
  stolen: number;
  /** Of calls that were due in seconds in which it took next to nothing. */
  own: Span;
  disturbed: Span;
}

export interface Span extends Summary {
  seconds: number;
}

export class Seconds {
  /** How long each call took that was due in a second, in microseconds. */
  readonly #calls: number[][] = [];
  readonly #readings: Reading[] = [];

  /** To be called often, and when a second has begun whose calls do not count any more. */
  look(second: number): void {
    if (second > (this.#readings.at(-1)?.second ?? -1)) this.#readings.push({ second, ...processorTime() });
  }

  note(second: number, tookUs: number): void {
    this.#calls[second] ??= [];
    this.#calls[second].push(tookUs);
  }

  summary(): ByStolenTime {
    const last = this.#readings.at(-1);
    const calls = this.#calls.slice(0, last?.second);
    const isOwn = (_: unknown, second: number) => this.#stolenIn(second) < MUCH;
    const span = (seconds: number[][]) => ({ seconds: seconds.length, ...summary(seconds.flat()) });
    return {
      stolen: stolenBetween(this.#readings[0], last),
      own: span(calls.filter(isOwn)),
      disturbed: span(calls.filter((calls, second) => !isOwn(calls, second))),
    };
  }

  /** Seconds in which nobody looked, since the host had taken everything, have the share of all of them together. */
  #stolenIn(second: number): number {
    const next = this.#readings.findIndex((reading) => reading.second > second);
    return stolenBetween(this.#readings[next - 1], this.#readings[next]);
  }
}

interface Reading {
  second: number;
  stolen: number;
  all: number;
}

function stolenBetween(before: Reading | undefined, after: Reading | undefined): number {
  return before && after && after.all > before.all
    ? (after.stolen - before.stolen) / (after.all - before.all)
    : 0;
}

/** Of all processors, since the machine's start, in ticks. */
function processorTime(): Omit<Reading, 'second'> {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal: proc(5). The time of guests of its own is within the first two.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, value) => sum + value, 0) };
}
