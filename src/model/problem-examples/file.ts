// Examples of what is wrong with a file's name, kind or size.
import { checkoutFile, EXAMPLE_PROJECT, type ProblemExample, textFile } from './example.ts';
import { files, flag } from './writers.ts';

const METRIC = 'metric: purchase\nevent: purchase\ntype: binary\ndirection: increase\n';

/** All of a metric's file on one side of a diff. */
const metricFile = (path: string, mark: '-' | '+', key = 'purchase') =>
  `# ${path}\n${METRIC.replace('purchase', key).replace(/^(?=.)/gm, mark)}`;

/** A flag that serves one unit each to variations of which there are none but the first. */
const manyProblems = (count: number) => {
  const targets = Array.from({ length: count }, (_, i) => `\n      v${i}: [u${i}]`).join('');
  return checkoutFile(`    targets:\n      on: [alice]${targets}`);
};

export const fileExamples = {
  'project-missing': {
    mend: 'Create project.yaml at the root of the folder, or point `--path` at the folder that has it.',
    diff: files(
      '# project.yaml\n+project: acme/shop\n+environments:\n+  prod: { salt: "c07d2e" }',
      flag(' serve: on'),
    ),
  },
  'wrong-extension': {
    mend: 'Rename the file so that it ends in `.yaml`.',
    diff: metricFile('purchase.yml', '-') + metricFile('purchase.yaml', '+'),
  },
  'link-refused': {
    mend: 'Put the file itself where the link is.',
    words: '`purchase.yaml` is a symbolic link to another file.',
    files: (side) =>
      side === 'broken' ? [{ path: 'purchase.yaml', kind: 'link' }] : [textFile('purchase.yaml', METRIC)],
  },
  'submodule-refused': {
    mend: 'Put the files themselves where the submodule is.',
    words: '`shared/` is a git submodule.',
    files: (side) =>
      side === 'broken'
        ? [{ path: 'shared', kind: 'submodule' }]
        : [textFile('shared/purchase.yaml', METRIC)],
  },
  'folder-not-listed': {
    mend: 'Move the definitions further up, and remove what does not belong into the folder.',
    words: 'The folder has more than 64 folders within one another.',
    files: (side) =>
      side === 'broken'
        ? [{ path: 'deep'.padEnd(64 * 5 - 1, '/deep'), kind: 'unlisted' }]
        : [textFile('deep/purchase.yaml', METRIC)],
  },
  'path-collision': {
    mend: 'Give one of the files, or its folder, another name.',
    words: '`Shop/` and `shop/` have a file `purchase.yaml` each.',
    files: (side) =>
      (side === 'broken' ? ['Shop', 'shop'] : ['shop']).map((folder) =>
        textFile(`${folder}/purchase.yaml`, METRIC),
      ),
  },
  'reserved-name': {
    mend: 'Give the file another name, or move it to the root.',
    diff: metricFile('team/access.yaml', '-', 'access') + metricFile('team/purchase.yaml', '+'),
  },
  'misplaced-definition': {
    mend: 'Move the project to project.yaml and the access policy to access.yaml, both at the root, and everything else to files of their own.',
    diff: '# shop.yaml\n-project: acme/shop\n-environments:\n-  prod: { salt: "c07d2e" }\n# project.yaml\n project: acme/shop\n environments:\n   prod: { salt: "c07d2e" }',
  },
  'too-many-files': {
    mend: 'Remove the flags that are done, or split the folder into several projects.',
    words: 'The folder has 20,001 files whose names end in `.yaml`.',
    files: (side) => [
      textFile('project.yaml', EXAMPLE_PROJECT),
      ...Array.from({ length: side === 'broken' ? 20_000 : 19_999 }, (_, i) =>
        textFile(`${i}.test.yaml`, ''),
      ),
    ],
  },
  'file-too-large': {
    mend: 'Split the file, or move long lists of units to an attribute that apps send.',
    words: '`purchase.yaml` has more than 256 KB.',
    files: (side) => [
      textFile('purchase.yaml', `${METRIC}#${' '.repeat(side === 'broken' ? 256 * 1024 : 1024)}\n`),
    ],
  },
  'folder-too-large': {
    mend: 'Remove what nobody needs any more, or split the folder into several projects.',
    words: 'The YAML files of the folder have more than 64 MB together.',
    files: (side) =>
      Array.from({ length: side === 'broken' ? 300 : 200 }, (_, i) => {
        return { path: `${i}.test.yaml`, kind: 'oversized', sizeBytes: 256 * 1024 };
      }),
  },
  'too-many-problems': {
    mend: 'Mend the problems that are listed first; then the next ones are.',
    words:
      'A file has more than 100 problems, or a folder more than 10,000. The rest is counted, not listed.',
    files: (side) => [manyProblems(side === 'broken' ? 101 : 0)],
  },
} satisfies Record<string, ProblemExample>;
