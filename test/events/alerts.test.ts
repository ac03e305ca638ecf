// The alerts on collectors ask for metrics that collectors have, and say what to do.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { collectorMetrics } from '../../src/events/metrics.ts';

const root = join(import.meta.dirname, '../..');
const rules = parse(await readFile(join(root, 'deploy/observability/halyard-collector.rules.yaml'), 'utf8'));
const alerts: {
  alert: string;
  expr: string;
  for?: string;
  annotations: { summary: string; description: string };
}[] = rules.groups[0].rules;
const metrics = collectorMetrics(() => {
  throw new Error('nothing is read');
})
  .registry.getMetricsAsArray()
  .map(({ name }) => name);

test.each(alerts)('$alert asks for metrics that there are, and says what to do', ({ expr, annotations }) => {
  const asked = expr.match(/halyard_\w+/g) ?? [];
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.map((name) => name.replace(/_bucket$/, '')).filter((name) => !metrics.includes(name))).toEqual(
    [],
  );
  expect(annotations.description.length).toBeGreaterThan(80);
});

test('docs/collecting.md names every metric and every code of a refusal', async () => {
  const page = await readFile(join(root, 'docs/collecting.md'), 'utf8');
  const own = metrics.filter((name) => name.startsWith('halyard_'));
  expect(own.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  const { REFUSAL_CODES } = await import('../../src/events/counters.ts');
  expect(REFUSAL_CODES.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
