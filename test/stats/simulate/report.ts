// Runs trials and says of each measure what came out, what is accepted, and whether that fits.
import { type Outcome, runTrial, type Trial } from './trial.ts';

/** Prints a line a measure, and last how many passed and failed. Answers how many failed. */
export function simulate(
  trials: readonly Trial[],
  seeds: readonly number[],
  print: (line: string) => void,
): number {
  let [passed, failed] = [0, 0];
  for (const seed of seeds) {
    print(`seed ${seed}`);
    trials.forEach((trial, i) => {
      print(`  ${trial.design}; ${trial.runs.toLocaleString('en')} runs`);
      // Each trial has numbers of its own, so that one more does not change what the others are given.
      for (const outcome of runTrial(trial, seed + i * 0x9e3779b1)) {
        print(lineOf(outcome));
        if (outcome.isPassed) passed++;
        else failed++;
      }
    });
  }
  print(`${passed} passed, ${failed} failed`);
  return failed;
}

function lineOf({ id, result, expected, accept, isPassed }: Outcome): string {
  const [lower, upper] = accept.map(short);
  const found = `${short(result)} (expected ${expected}, accepted ${lower} … ${upper})`;
  return `    ${isPassed ? 'pass' : 'FAIL'}  ${id}: ${found}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
