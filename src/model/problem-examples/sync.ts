// Examples of what only `sync` finds, which knows what was applied before: the example project as it is written elsewhere.
import type { ProblemExample } from './example.ts';

export const syncExamples = {
  'project-renamed': {
    mend: 'Write the old name again. For another project, use another folder.',
    diff: '# project.yaml\n-project: acme/store\n+project: acme/shop\n environments:\n   prod: { salt: "c07d2e" }',
  },
  'overridden-variation-removed': {
    mend: 'Keep the variation, or end the override first with `halyard override lift`, also one whose time is over.',
    diff: `# ranking.yaml
 flag: ranking
 description: Which ranking the search uses.
 owner: search
 permanent: true
 type: string
 variations:
+  classic: bm25
   semantic: embeddings
 environments:
   prod: { serve: semantic }`,
  },
} satisfies Record<string, ProblemExample>;
