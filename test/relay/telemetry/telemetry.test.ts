// OpenTelemetry, as a collector sees it: a relay's process is started with the standard variables, and asked over HTTP.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { describe, expect, it } from 'vitest';
import { Service } from '../../../src/relay/grpc/gen/flagd/evaluation/v1/evaluation_pb.ts';
import { SOURCE_MAIN } from '../../support/main-file.ts';
import { until } from '../../support/until.ts';
import { createFolder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';
import { Collector, type LogEvent } from './collector.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const sampled = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=abc' };
const context = {
  targetingKey: 'alice@example.com',
  country: 'US',
  email: 'private-mail',
  plan: 'private-plan',
};

/** Sends soon, in JSON, which is easy to read back. */
const quick = (collector: Collector) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '50',
  OTEL_BLRP_SCHEDULE_DELAY: '50',
});

function flags(count: number): { [path: string]: string } {
  const flag = (key: string) =>
    `flag: ${key}\npermanent: true\ntype: boolean\nenvironments:\n  prod: { serve: on }\n`;
  return Object.fromEntries([
    ['project.yaml', 'project: acme/shop\nenvironments: { prod: { salt: "c07d2e" } }\n'],
    ...Array.from({ length: count }, (_, at) => [`flag-${at}.yaml`, flag(`flag-${at}`)]),
  ]) as { [path: string]: string };
}

describe('a relay that sends to a collector', () => {
  it("each call is a server span in the caller's trace, and each flag that it asked for an event of that span", async () => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({
      environment: {
        ...quick(collector),
        OTEL_RESOURCE_ATTRIBUTES: 'k8s.pod.name=shop-7,service.version=mine',
      },
    });
    await relay.post('/v1/evaluate/one-page-checkout', { context }, sampled);
    await relay.post('/ofrep/v1/evaluate/flags/nowhere', { context });
    await relay.post('/v1/evaluate', { context, flags: ['banner', 'new-cart'] });
    await relay.post('/v1/evaluate', '{"context":', {});
    await until(() => collector.spans.length === 4 && collector.events.length === 4);

    const [one, unknown, many, malformed] = collector.spans;
    expect(one).toMatchObject({
      traceId: TRACE,
      parentSpanId: CALLER,
      traceState: 'vendor=abc',
      name: 'POST /v1/evaluate/{flag}',
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/evaluate/{flag}',
        'url.path': '/v1/evaluate/one-page-checkout',
        'url.scheme': 'http',
        'network.protocol.version': '1.1',
        'http.response.status_code': 200,
        'halyard.evaluations': 1,
        'halyard.evaluation_errors': 0,
      },
    });
    expect(unknown).toMatchObject({
      name: 'POST /ofrep/v1/evaluate/flags/{key}',
      attributes: { 'url.path': '/ofrep/v1/evaluate/flags/{key}', 'http.response.status_code': 404 },
      status: { code: 0 },
    });
    expect(many?.attributes).toMatchObject({
      'halyard.evaluations': 2,
      'feature_flag.set.id': 'acme/shop/prod',
    });
    expect(malformed?.attributes['http.response.status_code']).toBe(400);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(4);

    const ofSpan = (spanId = '') => collector.events.filter((event) => event.spanId === spanId);
    expect(ofSpan(one?.spanId)).toMatchObject([
      {
        eventName: 'feature_flag.evaluation',
        traceId: TRACE,
        attributes: {
          'feature_flag.key': 'one-page-checkout',
          'feature_flag.provider.name': 'halyard',
          'feature_flag.result.reason': 'default',
          'feature_flag.result.variant': 'off',
          'feature_flag.set.id': 'acme/shop/prod',
          'feature_flag.version': expect.stringMatching(/^1-[\da-f]{16}$/),
        },
      },
    ]);
    expect(ofSpan(unknown?.spanId)[0]?.attributes).toEqual({
      'feature_flag.key': '',
      'feature_flag.provider.name': 'halyard',
      'feature_flag.result.reason': 'error',
      'error.type': 'flag_not_found',
      'error.message': 'There is no flag of this key in this environment.',
      'feature_flag.set.id': 'acme/shop/prod',
      'feature_flag.version': expect.anything(),
    });
    const keys = (events: LogEvent[]) => events.map(({ attributes }) => attributes['feature_flag.key']);
    expect(keys(ofSpan(many?.spanId))).toEqual(['banner', 'new-cart']);
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'halyard-relay',
      'service.version': 'mine',
      'service.instance.id': 'test-1',
      'deployment.environment.name': 'prod',
      'k8s.pod.name': 'shop-7',
    });
    await until(async () => (await relay.metric(sentSpans)) === 4);
  });

  it('I12: nothing personal and no word of a caller is in any byte that is sent', async () => {
    await using collector = await Collector.start();
    const { OTEL_EXPORTER_OTLP_PROTOCOL: _, ...protobuf } = quick(collector);
    await using relay = await RelayProcess.start({ environment: protobuf });
    const personal = [...Object.values(context).filter((value) => value !== 'US'), 'bob@example.com'];
    const agent = { 'user-agent': 'private-agent', 'x-request-id': 'private-id', cookie: 'private-cookie' };
    const flag = encodeURIComponent('bob@example.com');
    for (const path of ['/v1/evaluate/', '/v1/explain/', '/ofrep/v1/evaluate/flags/']) {
      await relay.post(`${path}one-page-checkout?name=private-query`, { context }, agent);
      await relay.post(`${path}${flag}`, { context }, agent);
    }
    await relay.post('/v1/evaluate', { context, flags: ['banner', 'bob@example.com'] }, agent);
    await relay.post('/ofrep/v1/evaluate/flags', { context }, agent);
    await relay.post('/ofrep/v1/evaluate/flags', { context: 'private-plan' }, agent);
    expect(await relay.stop()).toBe(0);
    const bytes = Buffer.concat(collector.received.map((received) => received.bytes)).toString('latin1');
    expect(collector.received[0]?.headers['content-type']).toBe('application/x-protobuf');
    expect(bytes.split('POST /').length - 1).toBe(9);
    expect(bytes).toContain('feature_flag.evaluation');
    for (const word of [...personal, 'private', '%40'])
      expect([word, bytes.includes(word)]).toEqual([word, false]);
    expect(JSON.stringify(relay.lines)).not.toMatch(/private|alice|bob/);
  });

  it('a call for many flags has their number in its span, and no event for each', async () => {
    await using collector = await Collector.start();
    await using folder = await createFolder(flags(21));
    await using relay = await RelayProcess.start({
      source: `directory:${folder.path}`,
      environment: quick(collector),
    });
    await relay.post('/ofrep/v1/evaluate/flags', { context });
    // A large body, of which the flags are decided in turn with those of others.
    await relay.post('/ofrep/v1/evaluate/flags', { context: { ...context, text: 'x'.repeat(10_000) } });
    await relay.post('/v1/evaluate/flag-3', { context });
    await until(() => collector.spans.length === 3 && collector.events.length > 0);
    expect(collector.spans.map(({ attributes }) => attributes['halyard.evaluations'])).toEqual([21, 21, 1]);
    expect(collector.events.map(({ attributes }) => attributes['feature_flag.key'])).toEqual(['flag-3']);
  });

  it("a call of flagd's protocol is a server span of RPC's conventions, with its event", async () => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({
      args: ['--grpc', '127.0.0.1:0'],
      environment: quick(collector),
    });
    const baseUrl = String(relay.lines.find(({ message }) => message === 'listening')?.grpc_url);
    const client = createClient(Service, createGrpcTransport({ baseUrl }));
    const asked = { flagKey: 'new-cart', context };
    await client.resolveBoolean(asked, { headers: sampled });
    await client.resolveBoolean({ ...asked, flagKey: 'bob@example.com' }).catch(() => undefined);
    await fetch(`${baseUrl}/flagd.evaluation.v1.Service/ResolveAll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ context }),
    });
    await until(() => collector.spans.length === 3 && collector.events.length === 8);
    const name = 'flagd.evaluation.v1.Service/ResolveBoolean';
    expect(collector.spans).toMatchObject([
      {
        name,
        kind: 2,
        traceId: TRACE,
        parentSpanId: CALLER,
        attributes: { 'rpc.system.name': 'grpc', 'rpc.method': name, 'rpc.response.status_code': 'OK' },
      },
      { attributes: { 'rpc.response.status_code': 'NOT_FOUND' }, status: { code: 0 } },
      { attributes: { 'rpc.system.name': 'connectrpc', 'halyard.evaluations': 6 } },
    ]);
    expect(collector.events[0]?.attributes).toMatchObject({ 'feature_flag.key': 'new-cart' });
    const bytes = Buffer.concat(collector.received.map((received) => received.bytes)).toString('latin1');
    for (const word of ['alice', 'private', 'bob@'])
      expect([word, bytes.includes(word)]).toEqual([word, false]);
  });

  it('what waits is sent before the process ends', async () => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({
      environment: {
        ...quick(collector),
        OTEL_BSP_SCHEDULE_DELAY: '60000',
        OTEL_BLRP_SCHEDULE_DELAY: '60000',
      },
    });
    await relay.post('/v1/evaluate/banner', { context });
    expect(collector.received).toEqual([]);
    expect(await relay.stop()).toBe(0);
    expect([collector.spans.length, collector.events.length]).toEqual([1, 1]);
  });
});

describe.concurrent('what is recorded', () => {
  const unsampled = { traceparent: `00-${TRACE}-${CALLER}-00` };

  it.each([
    ['the caller decides, and by default every other call is', {}, [3, 3, 0]],
    ['no call at all', { OTEL_TRACES_SAMPLER: 'always_off' }, [0, 0, 0]],
    ['spans alone: they have the events', { OTEL_LOGS_EXPORTER: 'none' }, [3, 0, 3]],
    ['events alone, of the caller', { OTEL_TRACES_EXPORTER: 'none' }, [0, 3, 0]],
  ])('%s', async (_title, variables, expected) => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({ environment: { ...quick(collector), ...variables } });
    await relay.post('/v1/evaluate/banner', { context }, sampled);
    await relay.post('/v1/evaluate/banner', { context }, unsampled);
    await relay.post('/v1/evaluate/banner', { context });
    await relay.post('/v1/evaluate/banner', { context }, { traceparent: '00-nonsense' });
    expect(await relay.stop()).toBe(0);
    const { spans, events } = collector;
    expect([spans.length, events.length, spans.flatMap((span) => span.events).length]).toEqual(expected);
    if (spans.length === 0 && events.length > 0) {
      expect(events[0]).toMatchObject({ traceId: TRACE, spanId: CALLER });
    }
  });

  it('numbers that a queue cannot have are told in the log, and left out', async () => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({
      environment: {
        ...quick(collector),
        OTEL_BSP_SCHEDULE_DELAY: '99999999999',
        OTEL_BLRP_MAX_QUEUE_SIZE: '-1',
      },
    });
    const told = relay.lines.filter(({ message }) => message === 'OpenTelemetry has a complaint');
    expect(told.map(({ reason }) => String(reason).split(',')[0])).toEqual([
      'OTEL_BSP_SCHEDULE_DELAY is 99999999999',
      'OTEL_BLRP_MAX_QUEUE_SIZE is -1',
    ]);
    expect(relay.errors).toBe('');
  });

  it('attributes of the resource that cannot be read are told in the log once, without what stands there', async () => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({
      environment: { ...quick(collector), OTEL_RESOURCE_ATTRIBUTES: 'team=private,100%' },
    });
    const told = relay.lines.filter(({ level }) => level === 'warn');
    expect(told.map(({ message, reason }) => [message, String(reason).split(' ')[0]])).toEqual([
      ['OpenTelemetry has a complaint', 'OTEL_RESOURCE_ATTRIBUTES'],
    ]);
    expect(JSON.stringify(relay.lines)).not.toContain('private');
  });

  it('what is not understood is told in the log, and the relay answers', async () => {
    await using relay = await RelayProcess.start({
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_TRACES_EXPORTER: 'zipkin',
      },
    });
    expect((await relay.post('/v1/evaluate/banner', { context })).status).toBe(200);
    const told = relay.lines.filter(({ message }) => message === 'an OpenTelemetry variable is left out');
    expect(told.map(({ reason }) => String(reason).split(/[;.]/)[0])).toEqual([
      'OTEL_TRACES_EXPORTER is zipkin',
      'The OTLP protocol for logs is grpc',
    ]);
  });
});

const sentSpans = 'halyard_telemetry_items_total{signal="spans",result="sent"}';
const droppedSpans = 'halyard_telemetry_items_total{signal="spans",result="dropped"}';
const failedSpans = 'halyard_telemetry_items_total{signal="spans",result="failed"}';
const tight = {
  OTEL_BSP_MAX_QUEUE_SIZE: '20',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
  OTEL_BLRP_MAX_QUEUE_SIZE: '20',
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '10',
};

describe('a collector that is in trouble', () => {
  it('I10: one that hangs fills a bounded queue, what is more is dropped and counted, and the relay stops in time', async () => {
    await using collector = await Collector.start();
    collector.manner = 'hang';
    await using relay = await RelayProcess.start({ environment: { ...quick(collector), ...tight } });
    const statuses = new Set<number>();
    for (let call = 0; call < 200; call++) {
      statuses.add((await relay.post('/v1/evaluate/banner', { context })).status);
    }
    expect([...statuses]).toEqual([200]);
    await until(async () => ((await relay.metric(droppedSpans)) ?? 0) >= 100);
    expect(await relay.metric('halyard_telemetry_queue_items{signal="spans"}')).toBe(20);
    // 1 would say that the process had to be ended.
    expect(await relay.stop()).toBe(0);
    expect(relay.lines.at(-1)?.message).toBe('stopped');
  });

  it('one that is away is told in the log once, however often it is tried, and again when it is back', async () => {
    const place = await Collector.start();
    const { port } = place;
    const environment = { ...quick(place), ...tight, OTEL_EXPORTER_OTLP_TIMEOUT: '200' };
    await place[Symbol.asyncDispose]();
    await using relay = await RelayProcess.start({ environment });
    const ask = () => relay.post('/v1/evaluate/banner', { context });
    const told = (message: string) => relay.lines.filter((line) => line.message === message);
    for (let failed = 0; failed < 3; ) {
      expect((await ask()).status).toBe(200);
      failed = (await relay.metric(failedSpans)) ?? 0;
    }
    expect(told('telemetry is not delivered').map(({ signal }) => signal)).toContain('spans');
    expect(told('telemetry is not delivered').length).toBeLessThanOrEqual(2);
    expect(told('telemetry is not delivered')[0]?.reason).toContain('ECONNREFUSED');
    await using collector = await Collector.start(port);
    await until(async () => {
      await ask();
      return told('telemetry is delivered again').length === 2;
    });
    expect(collector.spans.length).toBeGreaterThan(0);
  });
});

describe.concurrent('without the variables', () => {
  const preload = join(import.meta.dirname, 'list-modules.mjs');

  it.each([
    ['none of its packages is loaded', {}, false],
    [
      'nor where it is off',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' },
      false,
    ],
    ['with them they are', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])('%s', async (_title, variables, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'halyard-modules-'));
    try {
      const list = join(folder, 'list');
      await using relay = await RelayProcess.start({
        main: SOURCE_MAIN,
        environment: { ...variables, NODE_OPTIONS: `--import=${preload}`, MODULES_LOADED: list },
      });
      expect((await relay.post('/v1/evaluate/banner', { context })).status).toBe(200);
      const loaded = await readFile(list, 'utf8');
      expect(loaded).toContain('/src/relay/main.ts');
      expect(loaded.includes('/@opentelemetry/')).toBe(expected);
      expect(loaded.includes('/src/relay/telemetry/sdk.ts')).toBe(expected);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
