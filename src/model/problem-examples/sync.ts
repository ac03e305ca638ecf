// Examples of what only `sync` finds, which knows what was applied before: the example project as it is written elsewhere.
import type { ProblemExample } from './example.ts';

export const syncExamples = {
  'project-renamed': {
    mend: 'Write the old name again. For another project, use another folder.',
    diff: '# project.yaml\n-project: acme/store\n+project: acme/shop\n environments:\n   prod: { salt: "c07d2e" }',
  },
} satisfies Record<string, ProblemExample>;
