// The schemas as editors use them, without the loader: valid, explained, and of one opinion with it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { readFolder } from '../../src/io/folder.ts';
import type { JsonValue } from '../../src/lib/json.ts';

const root = join(import.meta.dirname, '../..');
const names = readdirSync(join(root, 'schemas')).filter((name) => name.endsWith('.schema.json'));
const schemas = names.map((name) => JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')) as Schema);
const ajv = new Ajv2020({ schemas, strict: false, formats: { 'date-time': true } });

type Schema = { [keyword: string]: unknown; $id: string; properties?: { [name: string]: Schema } };

test.each(schemas)('$id is a schema of JSON Schema 2020-12', (schema) => {
  expect(ajv.validateSchema(schema)).toBe(true);
});

test('every field has a description, its own or that of what it refers to', () => {
  const silent: string[] = [];
  const walk = (part: unknown, schema: Schema, path: string) => {
    if (typeof part !== 'object' || part === null) return;
    const { properties = {}, if: _, then: __, else: ___, ...rest } = part as Schema;
    for (const [name, field] of Object.entries(properties)) {
      if (!field.description && !referred(schema, field).description) silent.push(`${path}.${name}`);
      walk(field, schema, `${path}.${name}`);
    }
    for (const [keyword, inner] of Object.entries(rest)) walk(inner, schema, `${path}/${keyword}`);
  };
  for (const schema of schemas) walk(schema, schema, schema.$id);
  expect(silent).toEqual([]);
});

function referred(schema: Schema, { $ref = '' }: Schema): { description?: string } {
  const [file, pointer = ''] = String($ref).split('#');
  const target = file ? schemas.find(({ $id }) => $id === file) : schema;
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, key) => (part as Schema)?.[key], target);
  return $ref === '' ? {} : (found as { description?: string });
}

describe('a definition that someone changed anyhow', async () => {
  const files = await readFolder(join(root, 'flags'));
  const sample = loadDefinitions(files);
  const definitions = sample.definitions?.all ?? [];

  const names = [
    'serve',
    'percent',
    'rollout',
    'experiment',
    'if',
    'and',
    'segment',
    'value',
    'traffic',
    'slot',
    'ramp',
    'linear',
    'from',
  ];
  const values: JsonValue[] = [
    null,
    true,
    -1,
    1.5,
    '',
    'x',
    [],
    {},
    [null],
    { serve: 'on', experiment: 'e' },
  ];
  values.push(
    { segment: 's', and: [] },
    { and: [{}] },
    { not: { or: [] } },
    { from: 0, to: 5 },
    ['a', 'a'],
    [7, 7],
    [{ at: '2099-12-01T09:00:00Z', percent: 5 }],
    [{ at: '2099-12-01', percent: 5 }, { percent: 101 }],
  );
  const change = fc.record({
    at: fc.nat(),
    key: fc.constantFrom(...names),
    value: fc.constantFrom(...values),
  });

  const apply = (body: JsonValue, changes: { at: number; key: string; value: JsonValue }[]) => {
    for (const { at, key, value } of changes) {
      const places = placesIn(body);
      const place = places[at % places.length];
      if (!place) continue;
      const [holder, step] = place;
      if (at % 3 === 0) holder[step] = structuredClone(value);
      else if (at % 3 === 1 || Array.isArray(holder)) delete holder[step];
      else holder[key] = structuredClone(value);
    }
    return body;
  };

  test('is refused by the loader where the schema refuses it, with a problem, and accepted by the schema where the loader accepts it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...definitions),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (one, changes) => {
          const text = JSON.stringify(apply(structuredClone(one.body) as unknown as JsonValue, changes));
          const isValid = ajv.validate(`${one.kind}.schema.json`, JSON.parse(text));
          const content = new TextEncoder().encode(text);
          const changed = files.map((file) =>
            file.path === one.path ? { ...file, kind: 'file' as const, content } : file,
          );
          const { problems } = loadDefinitions(changed, sample);
          const errors = problems.filter(({ file, severity }) => file === one.path && severity === 'error');
          if (!isValid) expect(errors.length).toBeGreaterThan(0);
          const said = errors.map(({ line, column, code, message }) =>
            [line, column, code, message].join(' '),
          );
          expect(new Set(said).size).toBe(said.length);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

type Holder = { [step: string]: JsonValue };

/** Every place within a value: what holds it, and its key or index. */
function placesIn(value: JsonValue): [Holder, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((step) => [
    [holder, step] as [Holder, string],
    ...placesIn(holder[step] ?? null),
  ]);
}
