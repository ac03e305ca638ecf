// Prometheus' text format, and that writing much of it lets others have their turn.
import { expect, it } from 'vitest';
import { Answers } from '../../../src/relay/answers.ts';
import { Counters } from '../../../src/relay/counters.ts';
import { evaluationRows } from '../../../src/relay/metrics/call-rows.ts';
import { type Metric, type Sample, textOf } from '../../../src/relay/metrics/text.ts';
import type { MetricsView } from '../../../src/relay/metrics/view.ts';
import { inSlices } from '../../../src/relay/slices.ts';

const metric = (type: Metric['type']): Metric => ({
  name: 'halyard_x',
  help: 'What x is.',
  type,
  read: () => [],
});

it.each<[what: string, sample: Sample, line: string]>([
  ['a value alone', [7], 'halyard_x 7'],
  ['a fraction', [0.000_05], 'halyard_x 0.00005'],
  ['no labels', [1, {}], 'halyard_x 1'],
  ['labels', [1, { flag: 'a', reason: 'STATIC' }], 'halyard_x{flag="a",reason="STATIC"} 1'],
  ['what must be escaped', [1, { name: 'a"b\\c\nd' }], 'halyard_x{name="a\\"b\\\\c\\nd"} 1'],
  ['a part of a histogram', [3, { le: '+Inf' }, '_bucket'], 'halyard_x_bucket{le="+Inf"} 3'],
])('%s', async (_what, sample, line) => {
  const text = await inSlices(textOf(metric('gauge'), [sample]));
  expect(text).toBe(`# HELP halyard_x What x is.\n# TYPE halyard_x gauge\n${line}\n`);
});

it('a metric without samples still says what it is', async () => {
  expect(await inSlices(textOf(metric('counter'), []))).toBe(
    '# HELP halyard_x What x is.\n# TYPE halyard_x counter\n',
  );
});

it('I10: 20,000 series are written in hundreds of steps, and none is lost', async () => {
  const counters = new Counters();
  const answers = new Answers();
  for (let at = 0; at < 20_000; at++) {
    const decision = {
      flag: `flag-${at}`,
      reason: 'STATIC',
      variation: 'on',
      metadata: { environment: 'prod' },
    };
    answers.give(decision as Parameters<Answers['give']>[0]);
  }
  const view = { counters, store: { served: { answers } } } as unknown as MetricsView;
  const [evaluations] = evaluationRows(view) as [Metric];
  const writing = textOf(evaluations, await evaluations.read());
  let steps = 0;
  let end = writing.next();
  for (; !end.done; end = writing.next()) steps++;
  expect(steps).toBeGreaterThan(200);
  const lines = new Set(end.value.split('\n'));
  expect(lines.size).toBe(20_000 + 3);
  expect(lines).toContain('halyard_evaluations_total{flag="flag-19999",reason="STATIC",variation="on"} 1');
});
