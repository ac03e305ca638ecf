// `halyard types`: the module of the sample project (compiled by the type checker in compiles.ts), and the flag manifest.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryProvider, OpenFeature } from '@openfeature/server-sdk';
import { InMemoryProvider as InMemoryWebProvider, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextType } from '../../../src/authoring/types/context-type.ts';
import { flagManifest } from '../../../src/authoring/types/flag-manifest.ts';
import { typescriptModule } from '../../../src/authoring/types/typescript-module.ts';
import { typeOfValues } from '../../../src/authoring/types/value-type.ts';
import { loadDefinitions } from '../../../src/definitions/load.ts';
import { readFolder } from '../../../src/io/folder.ts';
import { halyard } from '../../support/command.ts';
import { typedClient } from './flags.gen.ts';

const { definitions } = loadDefinitions(await readFolder(join(import.meta.dirname, '../../../flags')));
if (!definitions) throw new Error('the sample project has problems');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-types-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('flags.gen.ts is what the command makes of the sample project', async () => {
  const file = join(import.meta.dirname, 'flags.gen.ts');
  expect(typescriptModule(definitions)).toBe(await readFile(file, 'utf8'));
  expect(await halyard(['types', '--out', file, '--check'])).toMatchObject({ code: 0, stdout: '' });
});

test('--check tells a stale file, and writes nothing', async () => {
  const file = join(folder, 'stale.ts');
  await writeFile(file, 'export {};\n');
  const { code, stdout } = await halyard(['types', '--out', file, '--check']);
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: `${file} is not up to date: run \`halyard types --out ${file}\`.\n`,
  });
  expect(await readFile(file, 'utf8')).toBe('export {};\n');
  expect(await halyard(['types', '--out', join(file, 'no-folder.ts')])).toMatchObject({ code: 2 });
  expect(await halyard(['types', '--out', join(folder, 'new/folder.ts')])).toMatchObject({ code: 0 });
});

test('a typed client asks the server client, with the context', async () => {
  const provider = new InMemoryProvider({
    'search-ranking': {
      variants: { a: 'bm25', b: 'embeddings-v2' },
      defaultVariant: 'a',
      disabled: false,
      contextEvaluator: (context) => (context.plan === 'pro' ? 'b' : 'a'),
    },
    banner: { variants: { on: { show: true } }, defaultVariant: 'on', disabled: false },
  });
  await OpenFeature.setProviderAndWait('types', provider);
  const flags = typedClient(OpenFeature.getClient('types'));
  expect(await flags.value('search-ranking', 'bm25', { plan: 'pro' })).toBe('embeddings-v2');
  expect(await flags.details('search-ranking', 'bm25')).toMatchObject({ value: 'bm25', variant: 'a' });
  expect(await flags.value('banner', { show: false })).toEqual({ show: true });
  expect(await flags.value('free-shipping-from', 12)).toBe(12);
  await OpenFeature.clearProviders();
});

test('a typed client asks the web client, without waiting', async () => {
  const provider = new InMemoryWebProvider({
    'new-cart': { variants: { on: true }, defaultVariant: 'on', disabled: false },
  });
  await WebOpenFeature.setProviderAndWait('types', provider);
  const flags = typedClient(WebOpenFeature.getClient('types'));
  expect(flags.value('new-cart', false)).toBe(true);
  expect(flags.details('one-page-checkout', false)).toMatchObject({
    value: false,
    errorCode: 'FLAG_NOT_FOUND',
  });
  await WebOpenFeature.clearProviders();
});

test.each([
  [['a', 'b"c', 'a'], true, '"a" | "b\\"c"'],
  [[1, 2.5], true, '1 | 2.5'],
  [[1, 2.5], false, 'number'],
  [[{ a: 1, 'b-c': [1, 'x'] }], false, '{ a: number; "b-c": (number | string)[] }'],
  [[[], {}], false, 'never[] | { [name: string]: never }'],
  [[{ deep: { nothing: null } }], false, '{ deep: { nothing: null } }'],
])('the type of %j', (values, literal, type) => {
  expect(typeOfValues(values as never, { literal })).toBe(type);
});

test('attributes within attributes, and texts that would end a comment', () => {
  const type = contextType({
    company: { type: 'string' },
    'company.plan': { type: 'string', values: ['a'], list: true, description: 'ends here */ process.exit()' },
    'odd..name': { type: 'boolean' },
  });
  expect(type).toContain('company?: string | {\n');
  expect(type).toContain('/** ends here *\\/ process.exit() */\n    plan?: "a"[];');
  expect(type).toContain('"odd..name"?: boolean;');
  expect(contextType(undefined)).toContain('[attribute: string]');
});

const HOSTILE = [
  '*/ throw 1; /*',
  '\u2028throw 1',
  '\u0060$\u007b1()}\u0060',
  "'; throw 1; '",
  '"; throw 1; "',
  '// x\nthrow 1',
  '\\',
];

test('whatever texts definitions hold, the module does nothing but export the client', async () => {
  const entries = HOSTILE.map((each, index) => [`a${index}`, each] as const);
  const project = {
    project: 'a/b',
    environments: { dev: { salt: '1' } },
    attributes: Object.fromEntries(
      HOSTILE.map((each) => [each, { type: 'string', values: HOSTILE, description: each }]),
    ),
  };
  const flags = entries.map(([key, each]) => ({
    flag: key,
    description: each,
    owner: each,
    permanent: true,
    type: 'string',
    variations: Object.fromEntries(entries),
    environments: {},
  }));
  const loaded = loadDefinitions(
    [project, ...flags].map((each) => ({
      path: 'flag' in each ? `${each.flag}.yaml` : 'project.yaml',
      kind: 'file',
      content: new TextEncoder().encode(JSON.stringify(each)),
    })),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const file = join(folder, 'hostile.ts');
  await writeFile(file, typescriptModule(loaded.definitions));
  expect(Object.keys(await import(file))).toEqual(['typedClient']);
  expect(await compile(file)).toBe('');
});

test('a project without flags has a module too', async () => {
  const file = join(folder, 'none.ts');
  const project = { ...definitions.project, attributes: undefined };
  await writeFile(file, typescriptModule({ project: project as never, all: [] }));
  expect(await compile(file)).toBe('');
});

/** What the strictest type checker says about a file. */
function compile(file: string): Promise<string> {
  const strict =
    'strict exactOptionalPropertyTypes noUncheckedIndexedAccess noUnusedLocals noUnusedParameters noPropertyAccessFromIndexSignature isolatedModules isolatedDeclarations declaration erasableSyntaxOnly verbatimModuleSyntax noEmit ignoreConfig';
  const args = [...strict.split(' ').map((each) => `--${each}`), '--target', 'es2022', '--module', 'esnext'];
  const tsc = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, ...args, file], (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

/** What the manifest's JSON Schema (open-feature/cli, schema/v0) asks of each flag. */
const byFlagType = (flagType: string, defaultValue: object) => ({
  properties: { flagType: { const: flagType }, description: { type: 'string' }, defaultValue },
});
const manifestSchema = {
  type: 'object',
  required: ['flags'],
  properties: {
    flags: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['flagType', 'defaultValue'],
        oneOf: [
          ...['boolean', 'string', 'integer'].map((type) => byFlagType(type, { type })),
          byFlagType('float', { type: 'number' }),
          byFlagType('object', {}),
        ],
      },
    },
  },
};

test('the manifest has the shape that the OpenFeature CLI reads, with the off variation as the default', async () => {
  const { code, stdout } = await halyard(['types', '--manifest']);
  expect(code).toBe(0);
  const manifest = JSON.parse(stdout);
  expect(manifest).toEqual(flagManifest(definitions));
  const ajv = new Ajv({ strict: false, allErrors: true });
  expect(ajv.validate(manifestSchema, manifest), ajv.errorsText()).toBe(true);
  expect(manifest.flags['new-cart']).toMatchObject({ flagType: 'boolean', defaultValue: false });
  expect(manifest.flags['search-ranking']).toMatchObject({ flagType: 'string', defaultValue: 'bm25' });
  expect(manifest.flags['free-shipping-from'].flagType).toBe('integer');
  expect(manifest.flags.banner).toMatchObject({ flagType: 'object', defaultValue: { show: false } });
});
