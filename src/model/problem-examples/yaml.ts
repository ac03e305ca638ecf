// Examples of text that is no YAML, or YAML that is refused.
import { type ProblemExample, textFile } from './example.ts';
import { flag, metric } from './writers.ts';

/** A flag whose description is given, raw. */
const described = (description: string) =>
  textFile(
    'checkout.yaml',
    `flag: checkout\ndescription: ${description}\nowner: payments\npermanent: true\ntype: boolean\nenvironments: {}\n`,
  );

const latin1 = () => {
  const file = described('Caf?');
  if (file.kind === 'file') file.content[file.content.indexOf(0x3f)] = 0xe9;
  return file;
};

/** Lists of which each holds the next. */
const nested = (depth: number) =>
  `flag: layout\ndescription: d\nowner: payments\npermanent: true\ntype: json\nvariations:\n  deep: ${'['.repeat(depth)}${']'.repeat(depth)}\nenvironments: {}\n`;

const targets = (count: number) =>
  `flag: checkout\ndescription: d\nowner: payments\npermanent: true\ntype: boolean\nenvironments:\n  prod:\n    targets: { on: [${Array.from({ length: count }, (_, i) => `u${i}`).join(', ')}] }\n`;

export const yamlExamples = {
  'invalid-utf8': {
    mend: 'Save the file in the encoding UTF-8.',
    words: 'The description `Café` is saved in Latin-1: the `é` is the single byte E9.',
    files: (side) => [side === 'broken' ? latin1() : described('Café')],
  },
  'null-character': {
    mend: 'Remove the character or its escape. If the file looks odd in an editor too, save it as UTF-8.',
    diff: flag(' serve: on').replace(' owner: payments', '-owner: "pay\\0ments"\n+owner: payments'),
  },
  'control-character': {
    mend: 'Remove the character, or write it as an escape in double quotes.',
    words: 'The description holds a raw escape character, U+001B, with which terminals begin a colour.',
    files: (side) => [described(side === 'broken' ? '\u001b[31mRed' : 'Red')],
  },
  'lone-surrogate': {
    mend: 'Write the character itself, or both halves of the pair.',
    diff: flag(' serve: on').replace(' owner: payments', '-owner: "\\ud83d"\n+owner: "\\ud83d\\ude80"'),
  },
  'invalid-yaml': {
    mend: 'Look at the indentation, at brackets and quotes, and at texts that begin with a special character.',
    diff: flag('-serve: [on\n+serve: on'),
  },
  'too-many-tokens': {
    mend: 'Split the file, or move long lists of units to an attribute that apps send.',
    words:
      'A flag has 10,000 targets: each costs several tokens, for the unit itself, the comma and the space.',
    files: (side) => [textFile('checkout.yaml', targets(side === 'broken' ? 10_000 : 5_000))],
  },
  'nested-too-deep': {
    mend: 'Make the value flatter, or move a part of a condition to a segment.',
    words: 'A list in a list in a list, 64 times, within the variations of a flag.',
    files: (side) => [textFile('layout.yaml', nested(side === 'broken' ? 64 : 32))],
  },
  'anchor-refused': {
    mend: 'Write the value where it is needed, and share conditions through a segment. Quote a text that begins with `&`.',
    diff: flag(' serve: on').replace(' owner: payments', '-owner: &team payments\n+owner: payments'),
  },
  'alias-refused': {
    mend: 'Write the value where it is needed, and share conditions through a segment. Quote a text that begins with `*`.',
    diff: flag(' serve: on').replace(' owner: payments', '-owner: *team\n+owner: payments'),
  },
  'tag-refused': {
    mend: 'Write the value without the tag; quote it if it is a text.',
    diff: flag(' serve: on').replace(' owner: payments', '-owner: !!str 42\n+owner: "42"'),
  },
  'directive-refused': {
    mend: 'Remove the line: files are read as YAML 1.2.',
    diff: metric('# purchase.yaml\n-%YAML 1.2\n----\n metric: purchase'),
  },
  'complex-key-refused': {
    mend: 'Write `key: value`.',
    diff: metric('# purchase.yaml\n-? metric\n-: purchase\n+metric: purchase'),
  },
  'multiple-documents': {
    mend: 'Move the second document to a file of its own.',
    diff: `${metric('# purchase.yaml\n metric: purchase')}\n----\n-metric: order\n-event: order\n-type: count\n-direction: increase\n# order.yaml\n+metric: order\n+event: order\n+type: count\n+direction: increase`,
  },
  'key-not-text': {
    mend: 'Quote the key.',
    diff: flag('-targets: { true: [alice] }\n+targets: { "true": [alice] }', {
      more: ' variations: { "true": true, "false": false }',
    }),
  },
  'reserved-key': {
    mend: 'Choose another key.',
    diff: '# project.yaml\n project: acme/shop\n environments:\n-  constructor: { salt: "c07d2e" }\n+  prod: { salt: "c07d2e" }',
  },
  'duplicate-key': {
    mend: 'Keep one of the two.',
    diff: flag('-serve: off\n serve: on'),
  },
  'integer-too-large': {
    mend: 'Quote it, if it is an identifier.',
    diff: flag('-targets: { on: [9007199254740993] }\n+targets: { on: ["9007199254740993"] }'),
  },
  'non-finite-number': {
    mend: 'Write a number, or quote the text.',
    diff: flag(' serve: on\n-percent: .inf\n+percent: 100'),
  },
} satisfies Record<string, ProblemExample>;
