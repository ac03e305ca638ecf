// What an editor with a YAML language server makes of definitions: no complaint, completion, explanations, a wrong key told.
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import schemas from '../../schemas/common.schema.json' with { type: 'json' };
import { LanguageServer } from './language-server.ts';

const root = join(import.meta.dirname, '../..');
const files = (await readdir(join(root, 'flags'), { recursive: true })).filter((name) =>
  name.endsWith('.yaml'),
);
const MARK = '▮';

let server: LanguageServer;
/** One that knows files by a setting, and not by their first line. */
let byFolder: LanguageServer;
beforeAll(async () => {
  const schema = pathToFileURL(join(root, 'schemas/definition.schema.json')).href;
  [server, byFolder] = await Promise.all([
    LanguageServer.start(),
    LanguageServer.start({ [schema]: 'flags/**/*.yaml' }),
  ]);
});
afterAll(() => Promise.all([server[Symbol.asyncDispose](), byFolder[Symbol.asyncDispose]()]));

/** Opens a flag whose text has a mark, and gives the mark's position. */
let opened = 0;
async function openAt(marked: string, editor = server) {
  const before = marked.slice(0, marked.indexOf(MARK)).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const uri = await editor.open(`flags/shop/opened-${opened++}.yaml`, marked.replace(MARK, ''));
  return { uri, position };
}

const FLAG = `# yaml-language-server: $schema=../../schemas/flag.schema.json
flag: a-flag
type: boolean
permanent: true
environments:
  prod:
`;

const TEST = `# yaml-language-server: $schema=../../schemas/test.schema.json
test: a-flag
environment: prod
cases:
  - name: a case
`;

test.each(files)('flags/%s has a schema, and nothing wrong', async (file) => {
  const text = await readFile(join(root, 'flags', file), 'utf8');
  expect(text).toMatch(/^# yaml-language-server: \$schema=[./]+schemas\/\w+\.schema\.json\n/);
  expect(await server.diagnostics(await server.open(`flags/${file}`, text))).toEqual([]);
});

describe('completion', () => {
  test.each<[what: string, text: string, offered: string[]]>([
    [
      'the keys of a flag',
      `${FLAG.replace('environments:\n  prod:\n', '')}${MARK}\n`,
      ['owner', 'expires', 'off', 'environments'],
    ],
    ['the types', FLAG.replace('boolean', MARK), ['boolean', 'string', 'number', 'json']],
    ['what an environment has', `${FLAG}    ${MARK}\n`, ['enabled', 'targets', 'rules', 'serve', 'rollout']],
    ['what a rule has', `${FLAG}    rules:\n      - ${MARK}\n`, ['name', 'if', 'then', 'from', 'until']],
    [
      'what a condition has',
      `${FLAG}    rules:\n      - if:\n          ${MARK}\n`,
      ['attribute', 'segment', 'and', 'or', 'not'],
    ],
    [
      'outcomes',
      `${FLAG}    rules:\n      - then:\n          ${MARK}\n`,
      ['serve', 'percent', 'ramp', 'rollout', 'experiment'],
    ],
    [
      'operators',
      `${FLAG}    rules:\n      - if:\n          attribute: country\n          operator: ${MARK}\n`,
      schemas.$defs.operator.enum,
    ],
    [
      'operators within braces',
      `${FLAG}    rules:\n      - if: { attribute: country, operator: s${MARK} }\n`,
      schemas.$defs.operator.enum,
    ],
    [
      'the reasons that a test may expect',
      `${TEST}    expect:\n      reason: ${MARK}\n`,
      ['STATIC', 'SPLIT', 'TARGETING_MATCH', 'DISABLED'],
    ],
  ])('offers %s', async (_, text, offered) => {
    const { uri, position } = await openAt(text);
    expect(await server.complete(uri, position)).toEqual(expect.arrayContaining(offered));
  });
});

describe('hovering', () => {
  test.each<[key: string, text: string, explained: RegExp]>([
    ['flag', FLAG.replace('flag:', `fl${MARK}ag:`), /also the file's name/],
    ['permanent', FLAG.replace('permanent', `per${MARK}manent`), /stays for good/],
    ['percent', `${FLAG}    serve: on\n    per${MARK}cent: 10\n`, /share/],
    [
      'operator',
      `${FLAG}    rules:\n      - if: { attribute: a, opera${MARK}tor: eq }\n`,
      /equal by type and value/,
    ],
    [
      'attribute',
      `${FLAG}    rules:\n      - if: { attri${MARK}bute: a, operator: eq }\n`,
      /dots walk into objects/,
    ],
    ['rollout', `${FLAG}    roll${MARK}out:\n`, /Splits units/],
  ])('explains %s', async (_, text, explained) => {
    const { uri, position } = await openAt(text);
    expect(await server.hover(uri, position)).toMatch(explained);
  });
});

test.each<[what: string, text: string, line: number, message: RegExp]>([
  ['a wrong key', `${FLAG}    srve: on\n`, 6, /srve is not allowed/],
  [
    'a wrong operator',
    `${FLAG}    rules:\n      - if: { attribute: a, operator: equals, value: 1 }\n        then: { serve: on }\n`,
    7,
    /./,
  ],
  ['a wrong type', FLAG.replace('boolean', 'bool'), 2, /accepted|enum|boolean/i],
])('%s is told where it stands', async (_, text, line, message) => {
  const { uri } = await openAt(text);
  const found = await server.diagnostics(uri);
  expect(found).toContainEqual(
    expect.objectContaining({
      message: expect.stringMatching(message),
      range: expect.objectContaining({ start: expect.objectContaining({ line }) }),
    }),
  );
});

describe('one schema for the whole folder', () => {
  const withoutFirstLine = (text: string) => text.replace(/^#.*\n/, '');

  test.each(files)('finds nothing wrong with flags/%s', async (file) => {
    const text = withoutFirstLine(await readFile(join(root, 'flags', file), 'utf8'));
    expect(await byFolder.diagnostics(await byFolder.open(`flags/${file}`, text))).toEqual([]);
  });

  test('completes, explains and refuses by the kind', async () => {
    const operator = await openAt(
      withoutFirstLine(`${FLAG}    rules:\n      - if:\n          operator: ${MARK}\n`),
      byFolder,
    );
    expect(await byFolder.complete(operator.uri, operator.position)).toContain('semver_gte');
    const status = await openAt(`experiment: e\nflag: f\nsta${MARK}tus: running\ncolour: red\n`, byFolder);
    expect(await byFolder.hover(status.uri, status.position)).toMatch(/running/);
    const messages = (await byFolder.diagnostics(status.uri)).map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringContaining('colour is not allowed'));
    const empty = await openAt(MARK, byFolder);
    expect(await byFolder.complete(empty.uri, empty.position)).toEqual(
      expect.arrayContaining(['flag', 'segment']),
    );
  });
});

describe('what docs/editors.md says', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'halyard-editors-')));
    await mkdir(join(folder, 'node_modules/halyard'), { recursive: true });
    await cp(join(root, 'schemas'), join(folder, 'node_modules/halyard/schemas'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(['json', 'lua'])('works as it is written (%s)', async (language) => {
    const page = await readFile(join(root, 'docs/editors.md'), 'utf8');
    const block = page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
    const [, schema = '', glob = ''] = /["'](\.[^"']+)["']\]?\s*[:=]\s*["']([^"']+)["']/.exec(block) ?? [];
    if (language === 'json') expect(JSON.parse(block)['yaml.schemas']).toEqual({ [schema]: glob });
    await using editor = await LanguageServer.start({ [schema]: glob }, folder);
    for (const [path, text, wrong] of [
      ['flags/shop/a.yaml', 'flag: a\ncolour: red\n', 'colour'],
      ['flags/project.yaml', 'project: a/b\ncolour: red\n', 'colour'],
      ['flags/shop/a.test.yaml', 'test: a\ncases:\n  - name: n\n    colour: red\n', 'colour'],
      ['other/a.yaml', 'flag: a\ncolour: red\n', undefined],
    ] as const) {
      const found = (await editor.diagnostics(await editor.open(path, text))).map(({ message }) => message);
      if (wrong === undefined) expect(found).toEqual([]);
      else expect(found).toContainEqual(expect.stringContaining(`${wrong} is not allowed`));
    }
  });
});
