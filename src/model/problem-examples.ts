// An example and its mend for every problem code, from which docs/problems.md is made. A new code needs one.
import type { ProblemCode } from './problem.ts';
import { accessExamples } from './problem-examples/access.ts';
import { policyExamples } from './problem-examples/access-policy.ts';
import { conditionExamples } from './problem-examples/condition.ts';
import type { ProblemExample } from './problem-examples/example.ts';
import { fileExamples } from './problem-examples/file.ts';
import { habitExamples } from './problem-examples/habit.ts';
import { meaningExamples } from './problem-examples/meaning.ts';
import { measuringExamples } from './problem-examples/measuring.ts';
import { shapeExamples } from './problem-examples/shape.ts';
import { syncExamples } from './problem-examples/sync.ts';
import { testExamples } from './problem-examples/test.ts';
import { yamlExamples } from './problem-examples/yaml.ts';

/** By code. The compiler refuses this table where a code of `problemCodes` has no example. */
export const problemExamples: Readonly<Record<ProblemCode, ProblemExample>> = {
  ...fileExamples,
  ...yamlExamples,
  ...shapeExamples,
  ...meaningExamples,
  ...conditionExamples,
  ...habitExamples,
  ...measuringExamples,
  ...syncExamples,
  ...accessExamples,
  ...policyExamples,
  ...testExamples,
};
