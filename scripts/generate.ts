// Writes what follows from schemas/ (types, validators, and code for protocols) and from the table of problem codes; with --check it only tells what is not up to date.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { problemsPage } from './problems-page.ts';
import { validatorsModule } from './validators.ts';

const root = join(import.meta.dirname, '..');
const kinds = ['project', 'access', 'flag', 'segment', 'experiment', 'metric', 'test'];

type Schema = Record<string, unknown>;

/** Keeps what says a shape: a description beside a reference, and rules about which keys go together, would each make a type of their own. */
function shape(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shape);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as Schema;
  if ($ref !== undefined) return { $ref };
  const isRuleOnly = (branches: unknown) =>
    Array.isArray(branches) && branches.every((branch) => !('$ref' in branch) && !('type' in branch));
  return Object.fromEntries(
    Object.entries(rest)
      .filter(([key, value]) => !(['oneOf', 'allOf', 'anyOf'].includes(key) && isRuleOnly(value)))
      .map(([key, value]) => [key, shape(value)]),
  );
}

async function schemaOf(name: string): Promise<Schema> {
  return shape(JSON.parse(await readFile(join(root, `schemas/${name}.schema.json`), 'utf8'))) as Schema;
}

/** One schema with every kind and every shared shape as `$defs`, so that each becomes exactly one type. */
async function everything(): Promise<Schema> {
  const common = (await schemaOf('common')).$defs as Schema;
  const $defs: Schema = { ...common };
  for (const kind of kinds) {
    const { $defs: own, ...schema } = await schemaOf(kind);
    Object.assign($defs, own, { [kind]: schema });
  }
  const merged = {
    title: 'DefinitionByKind',
    type: 'object',
    additionalProperties: false,
    required: kinds,
    properties: Object.fromEntries(kinds.map((kind) => [kind, { $ref: `#/$defs/${kind}` }])),
    $defs,
  };
  return JSON.parse(JSON.stringify(merged).replaceAll('common.schema.json#', '#')) as Schema;
}

/** What the .proto files come to, by where it belongs. buf works offline, with the plugin that npm installed. */
async function protocols(): Promise<[string, string][]> {
  const folder = await mkdtemp(join(tmpdir(), 'halyard-generate-'));
  try {
    const args = ['generate', '--template', 'schemas/proto/buf.gen.yaml', '--output', folder];
    execFileSync(join(root, 'node_modules/.bin/buf'), args, { cwd: root, stdio: 'inherit' });
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
    const texts = files.map(async (name): Promise<[string, string]> => {
      return [`src/relay/grpc/gen/${name}`, await readFile(join(folder, name), 'utf8')];
    });
    return await Promise.all(texts);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const generated = await compile((await everything()) as never, 'DefinitionByKind', {
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  bannerComment: '// Generated from schemas/ by `npm run generate`. Do not edit.',
  style: { singleQuote: true, printWidth: 110 },
});

const pages: [string, string][] = [
  ['src/model/definitions.gen.ts', generated],
  ['src/definitions/validators.gen.ts', validatorsModule(kinds)],
  ['docs/problems.md', problemsPage()],
  ...(await protocols()),
];

for (const [path, text] of pages) {
  if (!process.argv.includes('--check')) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  } else if ((await readFile(join(root, path), 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is stale: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  }
}
