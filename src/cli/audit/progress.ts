// How far a long verification is, on standard error: one line that is written over on a terminal, else a line now and then.
import type { Progress } from '../../audit/verify.ts';
import { printable } from '../../lib/printable.ts';

export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
}

/** Often enough to see that it goes on. */
const ON_TERMINAL_MS = 100;
const IN_LOG_MS = 2_000;
const CLEAR_LINE = '\r\u001b[2K';

const STEPS: Record<Progress['step'], string> = { chain: 'walking the chain', git: 'deriving it from git' };

export class ProgressLine {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #step: { name: string; startedMs: number } | undefined;
  #shownMs = Number.NEGATIVE_INFINITY;

  /** @param now the clock, in epoch milliseconds */
  constructor(output: ProgressOutput, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  show({ step, project, done, of }: Progress): void {
    const nowMs = this.#now();
    const name = `${STEPS[step]} of ${printable(project)}`;
    if (this.#step?.name !== name) {
      this.#step = { name, startedMs: nowMs };
      this.#shownMs = Number.NEGATIVE_INFINITY;
    }
    const isDue = nowMs - this.#shownMs >= (this.#output.isTTY ? ON_TERMINAL_MS : IN_LOG_MS);
    if (!isDue && done < of) return;
    this.#shownMs = nowMs;
    const seconds = (nowMs - this.#step.startedMs) / 1_000;
    const rate = seconds > 0 ? `, ${Math.round(done / seconds).toLocaleString('en')} a second` : '';
    const line = `${name}: ${done.toLocaleString('en')} of ${of.toLocaleString('en')} entries${rate}`;
    this.#output.write(this.#output.isTTY ? `${CLEAR_LINE}${line}` : `${line}\n`);
  }

  /** Takes the line away, so that what follows stands by itself. */
  end(): void {
    if (this.#output.isTTY && this.#step) this.#output.write(CLEAR_LINE);
  }
}
