// The relay's bundle, built and run where no package is installed: all that it serves, what it loads for that, and nothing else.
import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleRelay } from '../../scripts/bundle-relay.ts';
import { Service } from '../../src/relay/grpc/gen/flagd/evaluation/v1/evaluation_pb.ts';
import { createFolder } from '../relay/folder.ts';
import { RelayProcess } from '../relay/relay-process.ts';
import { Collector } from '../relay/telemetry/collector.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const folder = await mkdtempDisposable(join(tmpdir(), 'halyard-bundle-'));
const installed = join(folder.path, 'dist/relay');
const main = join(installed, 'main.js');
type Metafile = Awaited<ReturnType<typeof bundleRelay>>;
let metafile: Metafile;
beforeAll(async () => {
  metafile = await bundleRelay(installed);
});
afterAll(() => folder.remove());

/** The files that are loaded with one, as they lie on disk. */
function loadedWith(name: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(name)) return loaded;
  loaded.add(name);
  for (const { kind, path } of metafile.outputs[name]?.imports ?? [])
    if (kind === 'import-statement' && path in metafile.outputs) loadedWith(path, loaded);
  return loaded;
}

/** The packages of which something is in the files that are loaded with the one that begins so. */
function packagesOf(start: string): string[] {
  const name = Object.keys(metafile.outputs).find((file) => file.includes(`/${start}`)) ?? '';
  const inputs = [...loadedWith(name)].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
  const packages = inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
  return [...new Set(packages)].sort();
}

describe('the bundle', () => {
  it('loads for a start what serves, and nothing of sources, metrics, the page, gRPC and telemetry', () => {
    const atStart = packagesOf('relay-');
    expect(atStart).toEqual(expect.arrayContaining(['fastify', 'pino']));
    const later =
      /^(pg|undici|ajv|yaml|chokidar|prom-client|@fastify\/(swagger|cors|static)|@(connectrpc|bufbuild|opentelemetry)\/)/;
    expect(atStart.filter((name) => later.test(name))).toEqual([]);
  });

  it('loads what keeps and delivers events only where there is a collector', () => {
    const outputs = Object.entries(metafile.outputs);
    const start = outputs.find(([, { inputs }]) => 'src/cli/relay.ts' in inputs)?.[0] ?? '';
    const inputs = [...loadedWith(start)].flatMap((file) =>
      Object.keys(metafile.outputs[file]?.inputs ?? {}),
    );
    expect(inputs).toContain('src/relay/http/track.ts');
    expect(inputs.filter((file) => file.startsWith('src/relay/events/'))).toEqual([]);
  });

  it('has all that it imports, but for what is never loaded', () => {
    const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.flatMap(({ path, external }) => (external && !isBuiltin(path) ? [path] : [])),
    );
    expect([...new Set(outside)].sort()).toEqual([
      '@fastify/ajv-compiler',
      '@fastify/fast-json-stringify-compiler',
      'light-my-request',
      'pg-cloudflare',
      'pg-native',
    ]);
  });

  it('is what the package runs for `halyard relay`', async () => {
    const cli = join(folder.path, 'dist/command');
    await mkdir(cli, { recursive: true });
    await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
    const text = stripTypeScriptTypes(await readFile(join(root, 'src/cli/bin.ts'), 'utf8'));
    await writeFile(join(cli, 'bin.js'), text);
    const help = async (file: string) =>
      (await promisify(execFile)(process.execPath, [file, 'relay', '--help'])).stdout;
    // There is no other command beside it here.
    expect(await help(join(cli, 'bin.js'))).toBe(await help(join(root, 'src/cli/main.ts')));
  });

  it('ends as the command does: 2 with one sentence for wrong use', async () => {
    await using relay = new RelayProcess({ main, args: ['--frob'] });
    expect(await relay.ended()).toBe(2);
    expect(relay.errors).toMatch(/--frob/);
  });
});

describe('a relay from the bundle', () => {
  it('answers on every route, also where it must load what answers, and stops in order', async () => {
    await using relay = await RelayProcess.start({ main });
    const context = { targetingKey: 'user-1', country: 'US', appVersion: '4.2.0' };
    const one = await relay.post('/v1/evaluate/one-page-checkout', { context });
    expect(await one.json()).toMatchObject({ flag: 'one-page-checkout', value: false });
    const bulk = await relay.post('/ofrep/v1/evaluate/flags', { context });
    expect(((await bulk.json()) as { flags: unknown[] }).flags.length).toBeGreaterThan(3);
    const large = { ...context, notes: 'x'.repeat(5_000) };
    expect(
      await (await relay.post('/v1/evaluate/one-page-checkout', { context: large })).json(),
    ).toMatchObject({
      flag: 'one-page-checkout',
    });
    const get = (path: string) => fetch(`${relay.url}${path}`);
    const openapi = (await (await get('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(openapi.paths)).toContain('/v1/evaluate/{flag}');
    const page = await (await get('/docs/')).text();
    for (const [, file] of page.matchAll(/(?:src|href)="\.?\/?([^"]+)"/g))
      expect([file, (await get(`/docs/${file?.replace(/^docs\//, '')}`)).status]).toEqual([file, 200]);
    expect(await (await get('/docs/static/swagger-ui-bundle.js')).text()).toContain('SwaggerUIBundle');
    expect(await (await get('/metrics')).text()).toContain('halyard_evaluations_total');
    expect((await get('/v1/snapshot')).status).toBe(200);
    const stream = await get('/v1/stream');
    expect(await relay.stop()).toBe(0);
    await stream.text().catch(() => undefined);
    expect([relay.lines.at(-1)?.message, relay.errors]).toEqual(['stopped', '']);
  });

  it('finds problems in a folder, by the schemas that it carries', async () => {
    await using definitions = await createFolder();
    await using relay = await RelayProcess.start({ main, source: `directory:${definitions.path}` });
    await definitions.write({ 'checkout/truth.yaml': 'flag: truth\ntype: colour\n' });
    await relay.says('something is wrong with the source');
    const status = (await (await fetch(`${relay.url}/v1/status`)).json()) as { source: object };
    expect(JSON.stringify(status.source)).toContain('truth.yaml');
    expect(await relay.stop()).toBe(0);
  });

  it("speaks flagd's protocol, behind several processes, and tells a collector", async () => {
    await using collector = await Collector.start();
    await using relay = await RelayProcess.start({
      main,
      args: ['--grpc', '127.0.0.1:0', '--workers', '2'],
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
    const { grpc_url: baseUrl } = relay.lines.find(({ message }) => message === 'listening') ?? {};
    const client = createClient(Service, createGrpcTransport({ baseUrl: String(baseUrl) }));
    const context = { targetingKey: 'user-1', country: 'US', appVersion: '4.2.0' };
    const answer = await client.resolveBoolean({ flagKey: 'one-page-checkout', context });
    expect(answer.value).toBe(false);
    const large = { ...context, notes: 'x'.repeat(5_000) };
    expect((await client.resolveBoolean({ flagKey: 'one-page-checkout', context: large })).value).toBe(false);
    expect((await relay.post('/v1/evaluate/one-page-checkout', { context })).status).toBe(200);
    await until(() => collector.received.some(({ path }) => path === '/v1/traces'), 20_000);
    expect(await relay.stop()).toBe(0);
  });

  it('I8: starts from what a relay before it has cached, and from another relay', async () => {
    await using cache = await mkdtempDisposable(join(tmpdir(), 'halyard-cache-'));
    await using first = await RelayProcess.start({ main });
    await using second = await RelayProcess.start({ main, source: first.url, args: ['--cache', cache.path] });
    const context = { targetingKey: 'user-1', country: 'US', appVersion: '4.2.0' };
    const ask = async (relay: RelayProcess) =>
      (await relay.post('/v1/evaluate/one-page-checkout', { context })).json();
    const answer = await ask(first);
    expect(await ask(second)).toMatchObject({ value: (answer as { value: unknown }).value });
    expect([await second.stop(), await first.stop()]).toEqual([0, 0]);
    await using third = await RelayProcess.start({
      main,
      source: 'postgres://nobody@127.0.0.1:9/nothing',
      args: ['--cache', cache.path],
    });
    expect(third.lines.find(({ message }) => message === 'ready')).toMatchObject({ from_cache: true });
    expect(await ask(third)).toMatchObject({ value: (answer as { value: unknown }).value });
    expect(await third.stop()).toBe(0);
  });
});
