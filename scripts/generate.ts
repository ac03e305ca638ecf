// Writes what follows from schemas/ and from the table of problem codes; with --check it only tells what is not up to date.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { problemsPage } from './problems-page.ts';

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

const generated = await compile((await everything()) as never, 'DefinitionByKind', {
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  bannerComment: '// Generated from schemas/ by `npm run generate`. Do not edit.',
  style: { singleQuote: true, printWidth: 110 },
});

const pages: [string, string][] = [
  ['src/model/definitions.gen.ts', generated],
  ['docs/problems.md', problemsPage()],
];

for (const [path, text] of pages) {
  if (!process.argv.includes('--check')) await writeFile(join(root, path), text);
  else if ((await readFile(join(root, path), 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is stale: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  }
}
