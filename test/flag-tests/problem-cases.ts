// The tables of what people write in a test and the problems that it has.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { testOf } from './support.ts';

/** A test's text, and its problems: `code line:column word`. */
export type Row = [title: string, text: string, ...problems: string[]];

const file: Row[] = [
  ['an empty file', '', 'not-a-definition 1:1'],
  ['a list', '- test: checkout\n', 'not-a-definition 1:1 -'],
  [
    'another key first',
    'environment: prod\ntest: checkout\ncases: [{ name: a, expect: { value: true } }]\n',
    'not-a-definition 1:1 environment:',
  ],
  ['a definition', 'flag: checkout\n', 'not-a-definition 1:1 flag:'],
  ['YAML that is none', 'test: [\n', 'invalid-yaml 2:1'],
  ['an anchor', 'test: &a checkout\n', 'anchor-refused 1:7 &a'],
  [
    'a key twice',
    `${testOf('- { name: a, expect: { value: true } }')}test: checkout\n`,
    'duplicate-key 5:1 test:',
  ],
  [
    'no environment',
    testOf('- { name: a, expect: { value: true } }', 'test: checkout'),
    'missing-key 1:1 test:',
  ],
  [
    'two ways to say environments',
    testOf(
      '- { name: a, expect: { value: true } }',
      'test: checkout\nenvironment: dev\nenvironments: [prod]',
    ),
    'conflicting-keys 3:1 environments:',
  ],
  ['no cases', 'test: checkout\nenvironment: prod\ncases: []\n', 'wrong-value 3:8 ['],
  [
    'an unknown flag',
    testOf('- { name: a, expect: { value: true } }', 'test: chekout\nenvironment: prod'),
    'unknown-flag 1:7 chekout',
  ],
  [
    'an unknown environment',
    testOf('- { name: a, expect: { value: true } }', 'test: checkout\nenvironment: prd'),
    'unknown-environment 2:14 prd',
  ],
  [
    'an unknown one among several',
    testOf('- { name: a, expect: { value: true } }', 'test: checkout\nenvironments: [dev, prd]'),
    'unknown-environment 2:21 prd',
  ],
];

const cases: Row[] = [
  ['a case without a name', testOf('- { expect: { value: true } }'), 'missing-key 4:5 {'],
  [
    'an unknown key',
    testOf('- { name: a, contxt: {}, expect: { value: true } }'),
    'unknown-key 4:16 contxt:',
  ],
  [
    'a name twice',
    testOf('- { name: a, expect: { value: true } }\n- { name: a, expect: { value: false } }'),
    'duplicate-case 5:13 a',
  ],
  ['nothing expected', testOf('- { name: a, context: { plan: pro } }'), 'missing-key 4:5 {'],
  ['an empty expectation', testOf('- { name: a, expect: {} }'), 'wrong-value 4:24 {'],
  [
    'a time that is none',
    testOf('- { name: a, at: tomorrow, expect: { value: true } }'),
    'invalid-instant 4:20 tomorrow',
  ],
  [
    'a day without a time',
    testOf('- { name: a, at: 2026-12-24, expect: { value: true } }'),
    'invalid-instant 4:20 2026-12-24',
  ],
  [
    'faults of a case hide none of the others',
    testOf('- { name: a, contxt: {} }\n- { name: b, expect: { rule: nope } }'),
    'unknown-key 4:16 contxt:',
    'unknown-rule 5:32 nope',
  ],
];

const expectations: Row[] = [
  ['an unknown variation', testOf('- { name: a, expect: { variation: onn } }'), 'unknown-variation 4:37 onn'],
  [
    'one of several',
    testOf('- { name: a, expect: { variation: [on, offf] } }'),
    'unknown-variation 4:42 offf',
  ],
  [
    'a value instead of a variation',
    testOf('- { name: a, expect: { variation: true } }'),
    'wrong-type 4:37 true',
  ],
  ['an unknown value', testOf('- { name: a, expect: { value: on } }'), 'unknown-value 4:33 on'],
  ['an unknown rule', testOf('- { name: a, expect: { rule: rmap } }'), 'unknown-rule 4:32 rmap'],
  [
    'a rule of another environment',
    testOf('- { name: a, expect: { rule: pro } }', 'test: checkout\nenvironments: [dev, prod]'),
    'unknown-rule 4:32 pro',
  ],
  [
    'the number of a rule that has a name',
    testOf('- { name: a, expect: { rule: "#1" } }'),
    'unknown-rule 4:32 "#1"',
  ],
  [
    'an unknown experiment',
    testOf('- { name: a, expect: { experiment: layuot } }'),
    'unknown-experiment 4:38 layuot',
  ],
  ['an unknown arm', testOf('- { name: a, expect: { arm: blue } }'), 'unknown-arm 4:31 blue'],
  [
    'a flag that is not required',
    testOf('- { name: a, expect: { requires: checkout } }'),
    'unknown-flag 4:36 checkout',
  ],
  ['an unknown reason', testOf('- { name: a, expect: { reason: SPLITT } }'), 'wrong-value 4:34 SPLITT'],
  [
    'an unknown reason in a list',
    testOf('- { name: a, expect: { reason: [SPLIT, split] } }'),
    'wrong-value 4:42 split',
  ],
  ['a reason that is a number', testOf('- { name: a, expect: { reason: 7 } }'), 'wrong-type 4:34 7'],
  [
    'an error code that no test can meet',
    testOf('- { name: a, expect: { errorCode: PARSE_ERROR } }'),
    'wrong-value 4:37 PARSE_ERROR',
  ],
];

const buckets: Row[] = [
  [
    'a bucket beyond the last',
    testOf('- { name: a, buckets: { 0-10000: on } }'),
    'invalid-bucket-range 4:27 0-10000:',
  ],
  ['a range backwards', testOf('- { name: a, buckets: { 9-0: on } }'), 'invalid-bucket-range 4:27 9-0:'],
  [
    'a share instead of a range',
    testOf('- { name: a, buckets: { 10%: on } }'),
    'invalid-bucket-range 4:27 10%:',
  ],
  [
    'a fraction',
    testOf('- { name: a, buckets: { 1.5: on } }'),
    'wrong-value 4:25 {',
    'key-not-text 4:27 1.5:',
  ],
  [
    'two ranges that share a bucket',
    testOf('- { name: a, buckets: { 0-1000: on, 1000-9999: off } }'),
    'bucket-ranges-overlap 4:39 1000-9999:',
  ],
  [
    'two numbers within a range that is behind them in the file',
    testOf('- { name: a, buckets: { 7: on, 42: on, 0-99: on, 100: off } }'),
    'bucket-ranges-overlap 4:27 7:',
    'bucket-ranges-overlap 4:34 42:',
  ],
  [
    'a number within a range',
    testOf('- { name: a, buckets: { 42: on, 0-999: on } }'),
    'bucket-ranges-overlap 4:27 42:',
  ],
  ['an unknown variation', testOf('- { name: a, buckets: { 0-999: onn } }'), 'unknown-variation 4:34 onn'],
  [
    'a value instead of a variation',
    testOf('- { name: a, buckets: { 0-999: true } }'),
    'wrong-type 4:34 true',
  ],
];

const experiments: Row[] = [
  [
    'an unknown experiment',
    testOf('- { name: a, experiments: { layuot: on }, expect: { value: true } }'),
    'unknown-experiment 4:31 layuot:',
  ],
  [
    'an unknown arm',
    testOf('- { name: a, experiments: { layout: blue }, expect: { value: true } }'),
    'unknown-arm 4:39 blue',
  ],
];

const matrices: Row[] = [
  [
    'an unknown variable',
    testOf(
      '- { name: a, matrix: { plan: [pro] }, context: { plan: "${plan}", country: "${cuontry}" }, expect: { value: true } }',
    ),
    'unknown-matrix-variable 4:78 "${cuontry',
  ],
  [
    'a variable without a matrix',
    testOf('- { name: a, context: { plan: "${plan}" }, expect: { value: true } }'),
    'unknown-matrix-variable 4:33 "${plan',
  ],
  [
    'a variable named as what every object inherits',
    testOf(
      '- { name: a, matrix: { plan: [pro] }, context: { plan: "${plan}", country: "${toString}" }, expect: { value: true } }',
    ),
    'unknown-matrix-variable 4:78 "${toString',
  ],
  [
    'a variable that nothing uses',
    testOf('- { name: a, matrix: { plan: [pro] }, expect: { value: true } }'),
    'matrix-variable-not-used 4:26 plan:',
  ],
  [
    'a list within a text',
    testOf('- { name: a, matrix: { x: [[a]] }, context: { country: "US${x}" }, expect: { value: true } }'),
    'wrong-type 4:58 "US${x',
  ],
  [
    'a variable without values',
    testOf('- { name: a, matrix: { x: [] }, context: { country: "${x}" }, expect: { value: true } }'),
    'wrong-value 4:29 [',
  ],
  [
    'a name that is none',
    testOf('- { name: a, matrix: { "a b": [1] }, expect: { value: true } }'),
    'invalid-key 4:26 "a',
  ],
  [
    'a value of the matrix that is no variation, once',
    testOf(
      '- { name: a, matrix: { v: [on, onn], c: [US, CA] }, context: { country: "${c}" }, expect: { variation: "${v}" } }',
    ),
    'unknown-variation 4:106 "${v',
  ],
  [
    'a reason of the matrix that is none',
    testOf('- { name: a, matrix: { r: [SPLIT, SPLITT] }, expect: { reason: "${r}" } }'),
    'wrong-value 4:66 "${r',
  ],
  [
    'an error code of the matrix that is none',
    testOf('- { name: a, matrix: { e: [null, GENERAL] }, expect: { errorCode: ["${e}"] } }'),
    'wrong-value 4:70 "${e',
  ],
  [
    'a mapping that cannot become a text where one is expected',
    testOf(`- name: a
  matrix: { x: [{ toString: 1, valueOf: 1 }] }
  at: "\${x}"
  experiments: { layout: "\${x}" }
  expect: { reason: "\${x}" }`),
    'invalid-instant 6:9 "${x',
    'unknown-arm 7:28 "${x',
    'wrong-type 8:23 "${x',
  ],
  [
    'a value twice',
    testOf(
      '- { name: a, matrix: { c: [US, CA, US] }, context: { country: "${c}" }, expect: { value: true } }',
    ),
    'wrong-value 4:38 US',
  ],
  [
    'a mapping twice, its keys in another order',
    testOf(
      '- { name: a, matrix: { c: [{ a: 1, toString: 2 }, { toString: 2, a: 1 }, { toString: 1 }] }, context: { country: "${c}" }, expect: { value: true } }',
    ),
    'wrong-value 4:53 {',
  ],
  [
    'a time of the matrix that is none',
    testOf('- { name: a, matrix: { t: [2026-12-24T00:00:00Z, soon] }, at: "${t}", expect: { value: true } }'),
    'invalid-instant 4:65 "${t',
  ],
];

const contexts: Row[] = [
  [
    'an attribute that is not declared',
    testOf('- { name: a, context: { plann: pro }, expect: { value: true } }'),
    'attribute-not-declared 4:27 plann:',
  ],
  [
    'an object whose member is not declared',
    testOf('- { name: a, context: { company: { id: 7 } }, expect: { value: true } }'),
    'attribute-not-declared 4:27 company:',
  ],
  [
    'a number where a text is declared',
    testOf('- { name: a, context: { country: 7 }, expect: { value: true } }'),
    'attribute-not-of-type 4:36 7',
  ],
  [
    'a version without quotes',
    testOf('- { name: a, context: { appVersion: 4.10 }, expect: { value: true } }'),
    'attribute-not-of-type 4:39 4.10',
  ],
  [
    'a text that is no version',
    testOf('- { name: a, context: { appVersion: latest }, expect: { value: true } }'),
    'attribute-not-of-type 4:39 latest',
  ],
  [
    'a day that is no instant',
    testOf('- { name: a, context: { signedUpAt: 2026-12-24 }, expect: { value: true } }'),
    'attribute-not-of-type 4:39 2026-12-24',
  ],
  [
    'a list where one is declared',
    testOf('- { name: a, context: { plan: [pro] }, expect: { value: true } }'),
    'attribute-not-of-type 4:33 [pro',
  ],
  [
    'a list with an odd element',
    testOf('- { name: a, context: { roles: [admin, 7] }, expect: { value: true } }'),
    'attribute-not-of-type 4:34 [admin',
  ],
];

export const tables: [string, Row[]][] = [
  ['the file', file],
  ['cases', cases],
  ['expectations', expectations],
  ['buckets', buckets],
  ['experiments', experiments],
  ['matrices', matrices],
  ['contexts', contexts],
];
