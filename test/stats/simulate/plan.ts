// The whole simulation plan. With any seed a right build passes all of it, but for about one time in 600 (P1 alone: one in 1000).
import { bucketingTrials } from './bucketing.ts';
import { coverage } from './coverage.ts';
import { cuped } from './cuped.ts';
import { decisions } from './decisions.ts';
import { falseAlarms } from './false-alarms.ts';
import { looks } from './looks.ts';
import { split } from './split.ts';
import type { Trial } from './trial.ts';

export const plan: readonly Trial[] = [
  ...falseAlarms,
  ...coverage,
  ...looks,
  ...cuped,
  ...split,
  ...decisions,
  ...bucketingTrials,
];
