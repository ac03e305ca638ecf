// Second by second: what of the processors the host gave to other guests, and how many calls were slow meanwhile.
import { readFileSync } from 'node:fs';

const MUCH = 0.02;

export interface SlowCalls {
  seconds: number;
  answers: number;
  slow: number;
}

export interface ByStolenTime {
  /** The share of all the processors' time that the host gave to other guests. */
  stolen: number;
  /** Of calls that were due in seconds in which it took next to nothing. */
  ownSeconds: SlowCalls;
  stolenSeconds: SlowCalls;
}

export class Seconds {
  readonly #calls: { answers: number; slow: number }[] = [];
  /** At the beginning of each second. */
  readonly #times: { stolen: number; all: number }[] = [];

  /** To be called often. */
  look(second: number): void {
    if (second >= this.#times.length) this.#times.push(processorTime());
  }

  note(second: number, isSlow: boolean): void {
    this.#calls[second] ??= { answers: 0, slow: 0 };
    const calls = this.#calls[second];
    calls.answers++;
    if (isSlow) calls.slow++;
  }

  summary(): ByStolenTime {
    const own = { seconds: 0, answers: 0, slow: 0 };
    const stolen = { seconds: 0, answers: 0, slow: 0 };
    for (const [second, { answers, slow }] of this.#calls.entries()) {
      const group = this.#stolen(second, second + 1) < MUCH ? own : stolen;
      group.seconds++;
      group.answers += answers;
      group.slow += slow;
    }
    return { stolen: this.#stolen(0, this.#times.length), ownSeconds: own, stolenSeconds: stolen };
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
