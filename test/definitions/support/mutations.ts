// The sample project, with some of its files damaged: by bytes, by lines and by what YAML takes for special.

import { join } from 'node:path';
import fc from 'fast-check';
import { readFolder } from '../../../src/io/folder.ts';
import { policyText } from './access-cases.ts';
import { bytes, type Texts } from './project.ts';

const entries = await readFolder(join(import.meta.dirname, '../../../flags'));
const definitions = entries.filter(({ path }) => !path.endsWith('.test.yaml'));

/** The sample project as it is, with an access policy. */
export const sample: { readonly [path: string]: Uint8Array } = {
  ...Object.fromEntries(
    definitions.flatMap((entry) =>
      entry.kind === 'file' ? [[entry.path, new Uint8Array(entry.content)]] : [],
    ),
  ),
  'access.yaml': bytes(
    policyText({
      people: [`bob: { keys: ["SHA256:${'b'.repeat(43)}"], roles: [developer], emails: [bob@example.com] }`],
      rules: [
        '{ role: admin, may: [change, change-access, override] }',
        '{ role: developer, may: [change], environments: [prod], paths: ["checkout/**"], approvals: 1 }',
      ],
      more: `revoked: ["SHA256:${'c'.repeat(43)}"]`,
    }),
  ),
};

/** Pieces that change what is around them. */
const PIECES = [
  '\n',
  '\r',
  '\r\n',
  '\t',
  ' ',
  '  ',
  ': ',
  '- ',
  '? ',
  ', ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '#',
  ' #',
  '|',
  '>',
  '&a ',
  '*a',
  '!!str ',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '<<: ',
  '\ufeff',
  '\0',
  '\x1b',
  '\u2028',
  '\ud83d',
  '👩‍💻',
  '__proto__: 1\n',
  '~',
  'null',
  'true',
  '1e999',
  '.inf',
  '9007199254740993',
  '0x1F',
  '2026-02-30',
  '-1',
  '0.001',
  'on',
  'off',
  'serve: on\n',
  'percent: 50\n',
  'if: { segment: staff }\n',
  'flag: ',
  'segment: ',
  'experiment: ',
  'owner',
  'environments',
  'rules',
  'prod',
];

type Edit = (text: string) => string;

const at = (text: string, where: number) => Math.floor(where * (text.length + 1));
const where = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(where, fc.constantFrom(...PIECES)).map(([place, piece]): Edit => {
    return (text) => text.slice(0, at(text, place)) + piece + text.slice(at(text, place));
  }),
  fc.tuple(where, fc.integer({ min: 1, max: 12 })).map(([place, length]): Edit => {
    return (text) => text.slice(0, at(text, place)) + text.slice(at(text, place) + length);
  }),
  fc.tuple(where, where).map(([from, to]): Edit => {
    return (text) => {
      const lines = text.split('\n');
      const [line = ''] = lines.splice(Math.floor(from * lines.length), 1);
      lines.splice(Math.floor(to * (lines.length + 1)), 0, line);
      return lines.join('\n');
    };
  }),
  fc.tuple(where, fc.integer({ min: 2, max: 40 })).map(([place, times]): Edit => {
    return (text) => {
      const lines = text.split('\n');
      const index = Math.floor(place * lines.length);
      return lines.toSpliced(index, 1, ...Array<string>(times).fill(lines[index] ?? '')).join('\n');
    };
  }),
  fc.tuple(where, where).map(([place, other]): Edit => {
    return (text) => {
      const words = text.split(/\b/);
      return words
        .with(Math.floor(place * words.length), words[Math.floor(other * words.length)] ?? '')
        .join('');
    };
  }),
);

const damagedText = (content: Uint8Array) =>
  fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    const text = new TextDecoder().decode(content);
    return new TextEncoder().encode(edits.reduce((now, change) => change(now), text));
  });

const damagedBytes = (content: Uint8Array) =>
  fc.array(fc.tuple(where, fc.nat(255)), { minLength: 1, maxLength: 4 }).map((places) => {
    const copy = Uint8Array.from(content);
    for (const [place, byte] of places) copy[Math.floor(place * copy.length)] = byte;
    return copy;
  });

/** Names that a repository can have and nobody expects. */
const oddName = fc.constantFrom(
  'ä b.yaml',
  'new\nline.yaml',
  '-rf.yaml',
  'a:b,c.yaml',
  '%2e%2e.yaml',
  '結帳.yaml',
  'UPPER.yaml',
  '.hidden.yaml',
  '.yaml',
  'x.YAML',
  'y.yml',
  '__proto__.yaml',
  'constructor/prototype.yaml',
  'deep/er/and/deeper/z.yaml',
  'project.yaml/x.yaml.txt',
  'sub/project.yaml',
  'access.yaml',
  'q"uote\'s.yaml',
  'trailing .yaml',
  'tab\t.yaml',
  'e\u0301.yaml',
  'é.yaml',
);

const change: fc.Arbitrary<[string, Uint8Array]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...Object.keys(sample)).chain((path) => {
      const content = sample[path] ?? new Uint8Array();
      return fc.tuple(
        fc.constant(path),
        fc.oneof({ weight: 4, arbitrary: damagedText(content) }, damagedBytes(content)),
      );
    }),
  },
  { weight: 1, arbitrary: fc.tuple(oddName, fc.constantFrom(...Object.values(sample))) },
  { weight: 1, arbitrary: fc.tuple(oddName, fc.uint8Array({ maxLength: 200 })) },
);

/** The sample project with one to three files damaged or added. */
export const damagedProject: fc.Arbitrary<Texts> = fc
  .array(change, { minLength: 1, maxLength: 3 })
  .map((changes) => {
    const files: { [path: string]: Uint8Array } = { ...sample, ...Object.fromEntries(changes) };
    // No disk has a file and a folder of one name.
    if ('project.yaml/x.yaml.txt' in files) delete files['project.yaml'];
    return files;
  });
