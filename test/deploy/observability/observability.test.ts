// deploy/observability: alerts and dashboard name metrics that there are, and a real Prometheus understands and answers them.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { refusing, TestCollector, takenBut } from '../../relay/events/collector.ts';
import { createFolder, shop } from '../../relay/folder.ts';
import { RelayProcess } from '../../relay/relay-process.ts';
import { relay } from '../../relay/start.ts';
import { Collector } from '../../relay/telemetry/collector.ts';
import { until } from '../../support/until.ts';
import { installed, type Prometheus, promtool, startPrometheus } from './prometheus.ts';

const root = join(import.meta.dirname, '../../..');
const place = join(root, 'deploy/observability');
const read = (name: string) => readFile(join(place, name), 'utf8');

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}
interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}
interface Dashboard {
  uid: string;
  schemaVersion: number;
  panels: Panel[];
  annotations: { list: { expr: string }[] };
  templating: { list: { name: string; type: string; definition?: string }[] };
}

const RULES = 'halyard-relay.rules.yaml';
const CASES = 'halyard-relay.rules.test.yaml';
const { groups } = parse(await read(RULES)) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(await read('halyard-relay.dashboard.json')) as Dashboard;
const targets = dashboard.panels.flatMap((panel) =>
  (panel.targets ?? []).map(({ expr }) => ({ title: panel.title, expr })),
);

/** A dashboard's expression as Grafana would ask it. */
function filledIn(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m').replace(/\$(?:instance|environment|flag)\b/g, '.*');
}

async function metricNames(): Promise<Set<string>> {
  await using served = await relay({ source: `directory:${join(root, 'flags')}` });
  const text = await (await fetch(`${served.url}/metrics`)).text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [name, ...['_bucket', '_sum', '_count'].map((part) => name + part)] : [name],
    ),
  );
}

const METRIC = /\b(?:halyard|process|nodejs)_[a-z_]+\b/g;

describe('names', () => {
  it('every metric that alerts, dashboard and page name is one that a relay has', async () => {
    const known = await metricNames();
    const page = await readFile(join(root, 'docs/observability.md'), 'utf8');
    const texts = {
      [RULES]: await read(RULES),
      [CASES]: await read(CASES),
      page,
      dashboard: JSON.stringify(dashboard),
    };
    for (const [file, text] of Object.entries(texts)) {
      const named = [...new Set(text.match(METRIC) ?? [])];
      expect(named.length, file).toBeGreaterThan(9);
      expect(
        named.filter((name) => !known.has(name)),
        file,
      ).toEqual([]);
    }
  });

  it('the page has a row for every metric and every alert', async () => {
    const page = await readFile(join(root, 'docs/observability.md'), 'utf8');
    const base = [...(await metricNames())].filter((name) => !/_(?:bucket|sum|count)$/.test(name));
    expect(base.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(alerts.map(({ alert }) => alert).filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

describe('the alerts', () => {
  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s says what to do, and is tested',
    async (name, rule) => {
      expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).toMatch(/\S.*\.$/);
      expect(rule.annotations.description.length).toBeGreaterThan(30);
      expect(await read(CASES)).toContain(`alertname="${name}"`);
    },
  );

  it.skipIf(!installed('promtool'))('pass promtool, with the cases of when they fire', async () => {
    expect(await promtool(['check', 'rules', join(place, RULES)])).toMatchObject({ code: 0 });
    expect(await promtool(['check', 'config', join(place, 'prometheus.yaml')])).toMatchObject({ code: 0 });
    expect(await promtool(['test', 'rules', join(place, CASES)])).toMatchObject({ code: 0 });
  });
});

describe('the dashboard', () => {
  it('can be imported: its panels have a place each, and ask the data source that is chosen', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual([
      'datasource',
      'environment',
      'instance',
      'flag',
    ]);
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = new Set<string>();
    for (const { title, type, description, targets: asked = [], gridPos } of panels) {
      for (const { datasource } of asked) expect(datasource.uid, title).toBe('$' + '{datasource}');
      if (type !== 'row')
        expect([title, asked.length > 0, description]).toEqual([title, true, expect.any(String)]);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, x < 24, cells.has(`${x} ${y}`)]).toEqual([title, true, false]);
          cells.add(`${x} ${y}`);
        }
      }
    }
  });
});

describe.skipIf(!installed('promtool'))('what a relay answers at /metrics', () => {
  it('has no fault that promtool knows', async () => {
    await using served = await relay({ source: `directory:${join(root, 'flags')}` });
    await served.ready;
    await served.evaluate('banner', {});
    const text = await (await fetch(`${served.url}/metrics`)).text();
    expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  });
});

describe.skipIf(!installed('prometheus'))(
  'a real Prometheus that scrapes a relay and another behind it',
  () => {
    it('understands every expression, and has what dashboard and alerts ask for', async () => {
      const cache = await mkdtemp(join(tmpdir(), 'halyard-observed-'));
      await using collector = await Collector.start();
      // Faults and refusals of events have no series before the first.
      await using events = await TestCollector.start((told, response, request) => {
        if (events.requests === 1) return refusing(503, { 'retry-after': '0' })(told, response, request);
        return takenBut([{ index: 0, code: 'unknown-event' }])(told, response);
      });
      await using folder = await createFolder({ ...shop, 'broken.yaml': 'flag: {' });
      const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
      await using first = new RelayProcess({ source: `directory:${folder.path}`, environment });
      // Faults of sources have no series before the first.
      await first.says('something is wrong with the source');
      await folder.write({ 'broken.yaml': null });
      await first.says('ready');
      await using second = await RelayProcess.start({
        source: first.url,
        args: [
          '--cache',
          cache,
          '--workers',
          '2',
          '--collector',
          events.url,
          '--spool',
          join(cache, 'spool'),
        ],
      });
      const tracked = [{ event: 'purchase', unit: 'u' }, { event: '' }];
      await until(async () => (await second.post('/v1/track', tracked)).status === 202);
      await using prometheus = await startPrometheus(
        [first, second].map(({ url }) => new URL(url).host),
        join(place, RULES),
      );
      let isOver = false;
      const asking = (async () => {
        while (!isOver) {
          await first.post('/v1/evaluate/truth', { context: { targetingKey: 'u' } });
          await first.post('/v1/evaluate/half', { context: {} });
        }
      })();
      const asked = [
        ...targets.map(({ expr }) => filledIn(expr)),
        ...alerts.flatMap(({ expr }) => selectorsOf(expr)),
        ...dashboard.templating.list.flatMap(({ definition = '' }) => selectorsOf(filledIn(definition))),
      ];
      try {
        await until(async () => (await withoutAnswer(prometheus, asked)).length === 0, 45_000).catch(
          () => undefined,
        );
        expect(await withoutAnswer(prometheus, asked)).toEqual([]);
        for (const { expr } of dashboard.annotations.list) await prometheus.query(filledIn(expr));
        await until(async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'));
        const rules = await prometheus.rules();
        expect(rules.map(({ name }) => name)).toEqual(alerts.map(({ alert }) => alert));
        expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
        const firing = await prometheus.query('ALERTS{alertstate="firing"}');
        expect(firing.map(({ metric }) => metric.alertname)).toEqual([]);
      } finally {
        isOver = true;
        await asking;
        await rm(cache, { recursive: true });
      }
    });
  },
);

/** The series that an expression looks at. */
function selectorsOf(expr: string): string[] {
  return expr.match(/\b(?:halyard|nodejs)_[a-z_]+(?:\{[^}]*\})?/g) ?? [];
}

async function withoutAnswer(prometheus: Prometheus, expressions: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(expressions.map((expression) => prometheus.query(expression)));
  return expressions.filter((_, at) => answers[at]?.length === 0);
}
