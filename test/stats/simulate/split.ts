// S7: a split that is as planned is called broken as rarely as it should be, and a broken one is found.
import { alwaysValidSampleRatio, MISMATCH_ALPHA, sampleRatio } from '../../../src/stats/sample-ratio.ts';
import { binomialInterval, type Measure, rateOf, share, type Trial } from './trial.ts';

const EVEN = [50, 50];

export const falseSplitAlarms: Trial = {
  design: '10,000 units, planned and given half and half',
  runs: 200_000,
  measures: [share('S7 false alarms of the split', 0.001001)],
  simulate: (random, runs) => [rateOf(runs, () => isFound(10_000, random.binomial(10_000, 0.5)))],
};

/** `power` is that of the noncentral chi-square. */
export function brokenSplit(units: number, given: number, power: number): Trial {
  return {
    design: `${units} units, planned half and half, ${given} given to the first arm`,
    runs: 20_000,
    measures: [share(`S7 broken splits found, ${units} units at ${given}`, power, 0.003)],
    simulate: (random, runs) => [rateOf(runs, () => isFound(units, random.binomial(units, given)))],
  };
}

function isFound(units: number, first: number): boolean {
  return sampleRatio([first, units - first], EVEN).isMismatch;
}

/** A tenth below alpha, to which only endless looks would come. */
const alwaysValid: Measure = {
  id: 'S7 false alarms in 60 days, the always-valid test',
  expected: `<= ${MISMATCH_ALPHA}`,
  accept: (runs) => [0, binomialInterval(runs, 0.9 * MISMATCH_ALPHA)[1]],
};

export const dailySplit: Trial = {
  design: '1000 units a day for 60 days, planned and given half and half, checked every day',
  runs: 20_000,
  measures: [
    share('S7 false alarms in 60 days, the test for one look', 0.012, [0.0045, 0.0038]),
    alwaysValid,
  ],
  simulate: (random, runs) => {
    let [ofOneLook, ofAll] = [0, 0];
    for (let run = 0; run < runs; run++) {
      let first = 0;
      let [isAlarm, isAlwaysValidAlarm] = [false, false];
      for (let day = 1; day <= 60; day++) {
        first += random.binomial(1000, 0.5);
        const split = [first, 1000 * day - first];
        isAlarm ||= sampleRatio(split, EVEN).isMismatch;
        isAlwaysValidAlarm ||= alwaysValidSampleRatio(split, EVEN).isMismatch;
      }
      if (isAlarm) ofOneLook++;
      if (isAlwaysValidAlarm) ofAll++;
    }
    return [ofOneLook / runs, ofAll / runs];
  },
};

export const split: readonly Trial[] = [
  falseSplitAlarms,
  brokenSplit(100_000, 0.505, 0.44898),
  brokenSplit(400_000, 0.505, 0.99879),
  brokenSplit(20_000, 0.52, 0.99102),
  brokenSplit(1_000_000, 0.502, 0.76098),
  dailySplit,
];
