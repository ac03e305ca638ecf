// Examples of definitions that lack the shape of one.
import type { ProblemExample } from './example.ts';
import { flag, metric } from './writers.ts';

export const shapeExamples = {
  'not-a-definition': {
    mend: 'Begin with `flag:`, `segment:`, `experiment:` or `metric:` and the key.',
    diff: metric(
      '# purchase.yaml\n-description: The unit completed a purchase.\n metric: purchase\n+description: The unit completed a purchase.',
    ),
  },
  'unknown-key': {
    mend: 'Correct the spelling, or remove the key.',
    diff: flag(' serve: on').replace(' owner:', '-onwer: payments\n+owner:'),
  },
  'missing-key': {
    mend: 'Add the key; the hint says what belongs there.',
    diff: flag(' serve: on').replace(' permanent: true', '+permanent: true'),
  },
  'conflicting-keys': {
    mend: 'Keep the one that you mean, and remove the other.',
    diff: flag('-serve: on\n rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] }'),
  },
  'wrong-type': {
    mend: 'Write a value of the expected type. Quote what YAML would read as a number: `910e44`, `4.10`.',
    diff: '# project.yaml\n project: acme/shop\n environments:\n-  prod: { salt: 910e44 }\n+  prod: { salt: "910e44" }',
  },
  'wrong-value': {
    mend: 'Write one of the allowed values; the hint names them, or the range.',
    diff: flag(' serve: on\n-percent: 250\n+percent: 25'),
  },
  'invalid-key': {
    mend: 'Use lower-case letters, digits, `.`, `_` and `-`, at most 100, and begin with a letter or digit.',
    diff: flag('-targets: { ON: [alice] }\n+targets: { on: [alice] }'),
  },
} satisfies Record<string, ProblemExample>;
