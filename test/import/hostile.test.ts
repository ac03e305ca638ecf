// Importers are total: whatever the file, an import that `check` accepts, or one sentence on what is wrong with it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systems } from '../../src/cli/import/systems.ts';
import { parse } from '../../src/definitions/parse.ts';
import { importFlagd } from '../../src/import/flagd/flagd.ts';
import { UsageError } from '../../src/lib/errors.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { pick, type Random, seeded } from './support/contexts.ts';
import { served } from './support/imported.ts';

const fixtures: { [system: string]: string } = {
  flagd: 'flagd.json',
  unleash: 'unleash.json',
  growthbook: 'growthbook.json',
  featurevisor: 'featurevisor.json',
  goff: 'goff.yaml',
};

const oddities = (random: Random): JsonValue =>
  pick<() => JsonValue>(random, [
    () => null,
    () => -1,
    () => 1e300,
    () => 0.1 + 0.2,
    () => '',
    () => '__proto__',
    () => 'constructor',
    () => '\u0000',
    () => 'x'.repeat(2_000),
    () => '(((((((((((((((((((((a)*)*)*)*)*',
    () => [],
    () => [[[[[]]]]],
    () => ({}),
    () => JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'),
    () => true,
    () => [null, 1, 'a', {}],
  ])();

/** The value with some of its parts replaced, removed, or exchanged. */
function mutated(value: JsonValue, random: Random, rate: number): JsonValue {
  if (random() < rate) return oddities(random);
  if (Array.isArray(value))
    return value.flatMap((item) => (random() < rate ? [] : [mutated(item, random, rate)]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, each]): [string, JsonValue][] => {
    if (random() < rate / 2) return [];
    return [[random() < rate / 2 ? String(oddities(random)) : key, mutated(each, random, rate)]];
  });
  return Object.fromEntries(entries);
}

test.each(systems)(
  '$name: 25 broken files give an import that `check` accepts, or say what is wrong',
  async ({ name, read }) => {
    const text = await readFile(join(import.meta.dirname, 'fixtures', fixtures[name] ?? ''));
    const { value = null } = parse(text);
    const random = seeded(name.length);
    let imports = 0;
    for (let index = 0; index < 25; index++) {
      const broken = JSON.stringify(mutated(value, random, pick(random, [0.01, 0.03, 0.1])));
      try {
        const imported = read(broken, { environments: ['prod'] });
        served(imported);
        for (const { what, reason } of imported.report) expect(`${what} ${reason}`).toMatch(/\S \S.*[.!]$/s);
        imports++;
      } catch (error) {
        if (!(error instanceof UsageError)) throw new Error(broken, { cause: error });
      }
    }
    expect(imports).toBeGreaterThan(6);
  },
);

test.each(systems)(
  '$name: a file of 500 flags is imported whole, and one of nothing is wrong use',
  ({ name, read }) => {
    const many = <Item>(make: (index: number) => Item) =>
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`flag-${index}`, make(index)]));
    const traffic = [{ key: 'all', segments: '*', percentage: 100_000 }];
    const files: { [system: string]: unknown } = {
      flagd: { flags: many(() => ({ state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' })) },
      unleash: {
        features: Object.keys(many(() => 0)).map((flag) => ({ name: flag, enabled: true, strategies: [] })),
      },
      growthbook: { features: many(() => ({ defaultValue: true })) },
      featurevisor: { features: many(() => ({ bucketBy: 'userId', traffic })) },
      goff: many(() => ({ variations: { on: true, off: false }, defaultRule: { variation: 'on' } })),
    };
    const { definitions, report } = read(JSON.stringify(files[name]), { environments: ['prod'] });
    expect(definitions).toHaveLength(500);
    expect(report.filter(({ kind }) => kind === 'left-out')).toEqual([]);
    for (const nothing of ['', 'null', '[1]', '"text"', '5'])
      expect(() => read(nothing, { environments: ['prod'] }), nothing).toThrow(UsageError);
  },
);

test.each(systems)(
  '$name: the report says how lists, null and units differ, where it matters',
  async ({ name, read }) => {
    const text = await readFile(join(import.meta.dirname, 'fixtures', fixtures[name] ?? ''), 'utf8');
    const { report } = read(text, { environments: ['prod'] });
    expect(report.filter(({ what, kind }) => what === 'context' && kind === 'changed')).toMatchObject([
      { reason: expect.stringMatching(/^A condition holds for a list when .* null .* unit/) },
    ]);
  },
);

test('names that no object may have are rewritten, and nothing is told of what is refused but the reason', () => {
  const flag = (variants: object, defaultVariant: string) => ({ state: 'ENABLED', variants, defaultVariant });
  const flags = {
    f: flag({ prototype: 'a', constructor: 'b' }, 'prototype'),
    g: flag({ 'New One': '\u0000' }, 'New One'),
  };
  const { definitions, report } = importFlagd(JSON.stringify({ flags }), { environments: ['prod'] });
  expect(definitions).toMatchObject([
    { value: { variations: { 'prototype-flag': 'a', 'constructor-flag': 'b' } } },
  ]);
  expect(report.filter(({ what }) => what === 'flags.g')).toMatchObject([{ kind: 'left-out' }]);
});

test.each(systems)('$name: the environments must be keys', async ({ name, read }) => {
  const text = await readFile(join(import.meta.dirname, 'fixtures', fixtures[name] ?? ''), 'utf8');
  expect(() => read(text, { environments: ['No Key'] })).toThrow(UsageError);
  expect(() => read(text, {})).toThrow(/--environment/);
});
