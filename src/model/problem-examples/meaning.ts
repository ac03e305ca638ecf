// Examples of definitions that contradict themselves or each other.
import type { ProblemExample } from './example.ts';
import { experiment, files, flag, measured, metric, segment, user } from './writers.ts';

export const meaningExamples = {
  'key-is-not-file-name': {
    mend: 'Rename the file after the key, or the key after the file.',
    diff: metric('# order.yaml\n-metric: purchase\n+metric: order'),
  },
  'duplicate-definition': {
    mend: 'Remove or rename one of the two.',
    diff: files(
      metric('# shop/purchase.yaml\n metric: purchase'),
      '# checkout/purchase.yaml\n-metric: purchase\n-event: order\n-type: count\n-direction: increase',
    ),
  },
  'value-not-of-type': {
    mend: 'Write a value of the declared type, or declare another type.',
    diff: flag(' serve: on', {
      more: '-variations: { on: true, off: 0 }\n+variations: { on: true, off: false }',
    }),
  },
  'unknown-variation': {
    mend: 'Name a variation of the flag; a boolean one has `on` and `off`, unless it says otherwise.',
    diff: flag('-serve: onn\n+serve: on'),
  },
  'unknown-flag': {
    mend: 'Correct the name, or add the flag. Flags of other projects cannot be required.',
    diff: files(
      flag(' serve: on', {
        more: '-requires: [{ flag: new-crt, variation: on }]\n+requires: [{ flag: new-cart, variation: on }]',
      }),
      flag(' serve: on', { key: 'new-cart' }),
    ),
  },
  'unknown-experiment': {
    mend: 'Correct the name, or add the experiment.',
    diff: files(flag('-experiment: layuot\n+experiment: layout'), experiment('layout', ' traffic: 50')),
  },
  'unknown-metric': {
    mend: 'Correct the name, or add the metric.',
    diff: files(
      user('experiment', 'layout'),
      experiment('layout', ' traffic: 50\n-metrics: { primary: purchases }\n+metrics: { primary: purchase }'),
      '# purchase.yaml\n metric: purchase\n event: purchase\n type: binary\n direction: increase',
    ),
  },
  'unknown-environment': {
    mend: 'Correct the name, or add the environment to project.yaml.',
    diff: flag(' serve: on').replace('   prod:', '-  prdo:\n+  prod:'),
  },
  'weights-not-100': {
    mend: 'Change the weights so that they sum to 100, to the last decimal.',
    diff: flag(`
 rollout:
   variations:
     - { key: on, weight: 33.33 }
-    - { key: off, weight: 66.66 }
+    - { key: off, weight: 66.67 }
`),
  },
  'too-many-decimals': {
    mend: 'Round it to two decimals: a bucket is a hundredth of a percent.',
    diff: flag(' serve: on\n-percent: 0.125\n+percent: 0.13'),
  },
  'target-twice': {
    mend: 'Keep the unit under one variation.',
    diff: flag('-targets: { on: [alice], off: [alice, bob] }\n+targets: { on: [alice], off: [bob] }'),
  },
  'segment-cycle': {
    mend: 'Write one of the conditions without the other segment.',
    diff: files(
      user('segment', 'staff'),
      segment('staff', ' if: { segment: friends }'),
      segment('friends', '-if: { segment: staff }\n+include: [alice]'),
    ),
  },
  'requirement-cycle': {
    mend: 'Remove one of the requirements.',
    diff: files(
      flag(' serve: on', { more: ' requires: [{ flag: new-cart, variation: on }]' }),
      flag(' serve: on', { key: 'new-cart', more: '-requires: [{ flag: checkout, variation: on }]' }),
    ),
  },
  'invalid-date': {
    mend: 'Write a day that exists, as YYYY-MM-DD or, with a time, as RFC 3339.',
    diff: flag(' serve: on').replace(' permanent: true', '-expires: 2099-02-29\n+expires: 2099-02-28'),
  },
  'arm-not-a-variation': {
    mend: 'Name a variation of the experiment’s flag, or add it to the flag.',
    diff: files(
      user('experiment', 'layout'),
      experiment(
        'layout',
        `
 arms:
   - { variation: off, weight: 50 }
-  - { variation: single, weight: 50 }
+  - { variation: on, weight: 50 }
 traffic: 50
`,
        false,
      ),
    ),
  },
  'experiment-of-another-flag': {
    mend: 'Use an experiment of this flag: one experiment is about one flag.',
    diff: files(
      user('experiment', 'layout'),
      experiment('layout', ' traffic: 50'),
      flag('-experiment: layout\n+serve: on', { key: 'new-cart' }),
    ),
  },
  'experiment-not-used': {
    mend: 'Add a rule with `then: { experiment: … }` to its flag, or make it a draft.',
    diff: measured().replace(/ {5}rules:\n.*$/m, '-    serve: on\n+    experiment: layout'),
  },
  'invalid-instant': {
    mend: 'Write the day, the time and the zone: `Z` for UTC, or an offset such as `+01:00`.',
    diff: flag(`
 serve: on
 ramp:
-  - { at: 2099-12-01, percent: 5 }
+  - { at: 2099-12-01T09:00:00Z, percent: 5 }
`),
  },
  'steps-not-ascending': {
    mend: 'Put the steps in the order of time, each at an instant of its own.',
    diff: flag(`
 serve: on
 ramp:
-  - { at: 2099-12-08T09:00:00Z, percent: 25 }
   - { at: 2099-12-01T09:00:00Z, percent: 5 }
+  - { at: 2099-12-08T09:00:00Z, percent: 25 }
`),
  },
  'window-backwards': {
    mend: 'Let `until` be after `from`: it is the first instant at which the rule no longer holds.',
    diff: flag(`
 rules:
   - name: holidays
     from: 2099-12-24T00:00:00Z
-    until: 2099-01-02T00:00:00Z
+    until: 2100-01-02T00:00:00Z
     then: { serve: on }
`),
  },
  'slot-backwards': {
    mend: 'Let the slot end after it starts: `from` is in it, `to` is not.',
    diff: files(
      user('experiment', 'layout'),
      experiment('layout', ' layer: checkout\n-slot: { from: 60, to: 50 }\n+slot: { from: 50, to: 60 }'),
    ),
  },
  'slots-overlap': {
    mend: 'Move one of the slots, so that no part of the layer belongs to two experiments.',
    diff: files(
      user('experiment', 'layout', 'colour'),
      experiment('layout', ' layer: checkout\n slot: { from: 0, to: 50 }'),
      experiment('colour', ' layer: checkout\n-slot: { from: 40, to: 90 }\n+slot: { from: 50, to: 90 }'),
    ),
  },
  'layer-units-differ': {
    mend: 'Give the experiments of a layer one unit, or another layer to one of them.',
    diff: files(
      user('experiment', 'layout', 'colour'),
      experiment('layout', ' layer: checkout\n slot: { from: 0, to: 50 }'),
      experiment('colour', ' layer: checkout\n slot: { from: 50, to: 90 }\n-unit: email'),
    ),
  },
} satisfies Record<string, ProblemExample>;
