// The alerts on collectors ask for metrics that collectors have, and say what to do.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { collectorMetrics } from '../../src/events/metrics.ts';
import { installed, promtool } from '../deploy/observability/prometheus.ts';

const root = join(import.meta.dirname, '../..');
const place = join(root, 'deploy/observability');
const rules = parse(await readFile(join(place, 'halyard-collector.rules.yaml'), 'utf8'));
const cases = await readFile(join(place, 'halyard-collector.rules.test.yaml'), 'utf8');
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

test.each(alerts)(
  '$alert asks for metrics that there are, says what to do, and is tested',
  ({ alert, expr, annotations }) => {
    const asked = expr.match(/halyard_\w+/g) ?? [];
    expect(asked.length).toBeGreaterThan(0);
    expect(
      asked.map((name) => name.replace(/_bucket$/, '')).filter((name) => !metrics.includes(name)),
    ).toEqual([]);
    expect(annotations.description.length).toBeGreaterThan(80);
    expect(cases).toContain(`alertname="${alert}"`);
  },
);

test.skipIf(!installed('promtool'))(
  'the alerts pass promtool, with the cases of when they fire',
  async () => {
    expect(await promtool(['check', 'rules', join(place, 'halyard-collector.rules.yaml')])).toMatchObject({
      code: 0,
    });
    expect(await promtool(['test', 'rules', join(place, 'halyard-collector.rules.test.yaml')])).toMatchObject(
      {
        code: 0,
      },
    );
  },
);

test('docs/collecting.md names every metric and every code of a refusal', async () => {
  const page = await readFile(join(root, 'docs/collecting.md'), 'utf8');
  const own = metrics.filter((name) => name.startsWith('halyard_'));
  expect(own.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  const { REFUSAL_CODES } = await import('../../src/events/counters.ts');
  expect(REFUSAL_CODES.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
