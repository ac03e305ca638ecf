// Every line that a relay's process writes, from before it listens to after it has stopped, with faults in between.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { createFolder } from './folder.ts';
import { type Line, RelayProcess } from './relay-process.ts';

const required = {
  level: expect.stringMatching(/^(info|warn|error)$/),
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  service: 'relay',
  version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  environment: 'prod',
  instance_id: expect.stringMatching(/^test-1/),
  message: expect.stringMatching(/./),
};

function expectFields(lines: readonly Line[], ...messages: string[]): void {
  for (const line of lines) expect(line).toMatchObject(required);
  expect(lines.map(({ message }) => message)).toEqual(expect.arrayContaining(messages));
}

const crash = join(import.meta.dirname, 'crash-on-signal.mjs');
let place: string;
let tokens: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'halyard-lines-'));
  tokens = join(place, 'tokens');
});
afterAll(() => rm(place, { recursive: true }));

describe.concurrent('each line says which service, version, environment and instance it is from', () => {
  it('while a source fails and recovers, tokens are reread, and no collector is there', async () => {
    await using folder = await createFolder();
    await writeFile(tokens, 'hush-hush\n');
    await using relay = await RelayProcess.start({
      source: `directory:${folder.path}`,
      args: ['--token-file', tokens],
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hush@127.0.0.1:9',
        OTEL_EXPORTER_OTLP_TIMEOUT: '100',
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_TRACES_SAMPLER: 'nonsense',
      },
    });
    const ask = (flag: string) =>
      relay.post(
        `/v1/evaluate/${flag}`,
        { context: { targetingKey: 'hush' } },
        { authorization: 'Bearer hush-hush', 'x-request-id': 'hush-id' },
      );
    expect((await ask('bool')).status).toBe(200);
    await relay.says('telemetry is not delivered');
    await folder.write({ 'broken.yaml': 'flag: {' });
    await relay.says('something is wrong with the source');
    await folder.write({ 'broken.yaml': null });
    await relay.says('the source is well again');
    relay.signal('SIGHUP');
    await relay.says('reloaded');
    await writeFile(tokens, '# none\n');
    relay.signal('SIGHUP');
    await relay.says('not reloaded');
    expect(await relay.stop()).toBe(0);
    expectFields(relay.lines, 'listening', 'ready', 'OpenTelemetry has a complaint', 'stopping', 'stopped');
    expect(JSON.stringify(relay.lines)).not.toContain('hush');
    expect(relay.errors).toBe('');
  });

  it('of one that crashes', async () => {
    await using relay = await RelayProcess.start({ environment: { NODE_OPTIONS: `--import=${crash}` } });
    relay.signal('SIGUSR2');
    expect(await relay.ended()).not.toBe(0);
    expectFields(relay.lines, 'the process ends by an error that nothing handles');
    expect(relay.lines.at(-1)).toMatchObject({ level: 'error', error: { message: 'crashed for a test' } });
  });

  it('of workers', async () => {
    await using relay = await RelayProcess.start({ args: ['--workers', '2'] });
    await until(async () => (await fetch(`${relay.url}/readyz`)).ok);
    expect(await relay.stop()).toBe(0);
    expectFields(relay.lines, 'listening', 'ready', 'stopped');
  });
});
