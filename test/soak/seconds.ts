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
  /** At the beginning of each second. */
  readonly #times: { stolen: number; all: number }[] = [];

  /** To be called often. */
  look(second: number): void {
    if (second >= this.#times.length) this.#times.push(processorTime());
  }

  note(second: number, tookUs: number): void {
    this.#calls[second] ??= [];
    this.#calls[second].push(tookUs);
  }

  summary(): ByStolenTime {
    const isOwn = (_: unknown, second: number) => this.#stolen(second, second + 1) < MUCH;
    const span = (seconds: number[][]) => ({ seconds: seconds.length, ...summary(seconds.flat()) });
    return {
      stolen: this.#stolen(0, this.#times.length),
      own: span(this.#calls.filter(isOwn)),
      disturbed: span(this.#calls.filter((calls, second) => !isOwn(calls, second))),
    };
  }

  #stolen(from: number, to: number): number {
    const before = this.#times[from];
    const after = this.#times[Math.min(to, this.#times.length - 1)];
    return before && after && after.all > before.all
      ? (after.stolen - before.stolen) / (after.all - before.all)
      : 0;
  }
}

/** Of all processors, since the machine's start, in ticks. */
function processorTime(): { stolen: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal: proc(5). The time of guests of its own is within the first two.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, value) => sum + value, 0) };
}
