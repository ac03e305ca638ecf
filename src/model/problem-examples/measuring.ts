// Examples of experiments and metrics from which nothing could be learned.
import type { ProblemExample } from './example.ts';
import { files, measured } from './writers.ts';

/** A whole metric, whose lines carry their marks. */
const metric = (lines: string) => `# purchase.yaml\n metric: purchase\n direction: increase\n${lines}`;

const GUARDRAIL = ' metric: error\n event: error\n type: binary\n direction: decrease\n+margin: 0.01';

export const measuringExamples = {
  'experiment-without-hypothesis': {
    mend: 'Say what you expect to see, and why, before it runs.',
    diff: measured().replace(' hypothesis:', '+hypothesis:'),
  },
  'experiment-without-primary': {
    mend: 'Name the one metric that decides under `metrics`, or serve a `rollout` where nothing is to be measured.',
    diff: measured().replace(' metrics:', '+metrics:'),
  },
  'experiment-without-size': {
    mend: 'Say the smallest effect that is worth finding, relative to the baseline: the number of units follows from it. `halyard power` shows how many. An `end` does too, in time instead of units.',
    diff: measured().replace(' analysis:', '+analysis:'),
  },
  'experiment-over': {
    mend: 'Conclude it: `halyard experiment conclude`. A later end than planned needs another experiment.',
    diff: measured().replace(' status: running', '-status: running\n+status: stopped\n end: 2020-03-31'),
  },
  'nothing-to-compare': {
    mend: 'Give weight to at least two variations, and a share of the traffic to the experiment.',
    diff: measured().replace(' traffic: 50', '-traffic: 0\n+traffic: 50'),
  },
  'exposures-off': {
    mend: 'Let the relay report who was given which arm: remove `exposures`, or write `first`.',
    diff: `${measured().replace(' traffic: 50', ' traffic: 50\n-exposures: off\n+exposures: first')}`,
  },
  'metric-repeated': {
    mend: 'Name each metric once, where it counts most.',
    diff: measured().replace(
      ' metrics: { primary: purchase }',
      '-metrics: { primary: purchase, secondary: [purchase] }\n+metrics: { primary: purchase }',
    ),
  },
  'guardrail-without-margin': {
    mend: 'Say with `margin` which loss, relative to the baseline, is still acceptable: nothing is ever safe from any loss at all.',
    diff: files(
      measured().replace('primary: purchase }', 'primary: purchase, guardrails: [error] }'),
      `# error.yaml\n${GUARDRAIL}`,
    ),
  },
  'mean-without-value': {
    mend: 'Name the property that is averaged. The value of the tracked event itself is the property `value`.',
    diff: measured(metric(' event: purchase\n type: mean\n+value: amount')),
  },
  'ratio-of-itself': {
    mend: 'Name the events that are counted above and below the line.',
    diff: measured(metric(' type: ratio\n-numerator: purchase\n+numerator: refund\n denominator: purchase')),
  },
  'cap-not-fitting': {
    mend: 'A cap is the percentile above which values count as that one: write one close to 1.',
    diff: measured(metric(' event: purchase\n type: count\n-cap: 0.001\n+cap: 0.999')),
  },
  'share-like-percentage': {
    mend: 'Write shares of the baseline: 0.02 is 2 percent.',
    diff: measured().replace(
      ' analysis: { minimumEffect: 0.05 }',
      '-analysis: { minimumEffect: 2 }\n+analysis: { minimumEffect: 0.02 }',
    ),
  },
} satisfies Record<string, ProblemExample>;
