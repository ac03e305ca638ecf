// flagd's own provider for Go against a running relay: Connect in protobuf, over HTTP/1.1. It is compiled here, where Go is.
import { type ExecFileException, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolder, type Folder, flagFile } from '../folder.ts';
import { relay, type TestRelay } from '../start.ts';
import { until } from '../support.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
/** The first time, some hundred modules' code is fetched and compiled. */
const BUILD_MS = 240_000;
/** What Go says when what it needs is neither here nor to be had, or when it is too old for it. */
const UNREACHABLE =
  /dial tcp|no such host|timeout|connection refused|proxy\.golang\.org|missing go\.sum entry|requires go >=/;

let folder: string;
let program: string;
let unreachable: string | undefined;
beforeAll(async () => {
  if (!hasGo) return;
  folder = await mkdtemp(join(tmpdir(), 'halyard-go-'));
  program = join(folder, 'flagd-provider-test');
  const cwd = join(import.meta.dirname, 'go');
  const args = ['build', '-mod=readonly', '-buildvcs=false', '-o', program, '.'];
  const failure = await new Promise<ExecFileException | null>((resolve) =>
    // Another version of Go itself is not fetched.
    execFile('go', args, { cwd, timeout: BUILD_MS, env: { ...process.env, GOTOOLCHAIN: 'local' } }, resolve),
  );
  if (failure && !failure.killed && !UNREACHABLE.test(failure.message)) throw failure;
  unreachable = failure?.killed ? `it was not built within ${BUILD_MS / 1000} s` : failure?.message;
}, BUILD_MS + 10_000);
afterAll(() => (hasGo ? rm(folder, { recursive: true, force: true }) : undefined));

interface Told {
  flag?: string;
  changed?: string[];
  [member: string]: unknown;
}

/** The program, and the lines that it has printed so far. */
function run(url: string) {
  const { hostname, port } = new URL(url);
  const child = spawn(program, [hostname, port], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: (Told | 'ready')[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  const told = () => lines.filter((line): line is Told => line !== 'ready' && 'flag' in line);
  return {
    lines,
    told,
    ask: async (flag: string) => {
      const before = told().length;
      child.stdin.write(`${flag}\n`);
      await until(() => told().length > before, Boolean, 30_000);
      return told().at(-1) as Told;
    },
    changed: () => lines.flatMap((line) => (line !== 'ready' && line.changed ? line.changed : [])),
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill();
      await ended;
    },
  };
}

describe.skipIf(!hasGo)(`flagd's provider for Go${hasGo ? '' : ' (skipped: there is no `go` here)'}`, () => {
  let files: Folder;
  let served: TestRelay;
  beforeAll(async () => {
    files = await createFolder();
    served = await relay({ source: `directory:${files.path}`, grpc: '127.0.0.1:0' });
    await served.ready;
  });
  afterAll(async () => {
    await served.stop();
    await files[Symbol.asyncDispose]();
  });

  it('reads every type, knows the errors, keeps what is static, and forgets it when it changes', async ({
    skip,
  }) => {
    if (unreachable !== undefined) skip(`it cannot be built here: ${unreachable}`);
    await using app = run(served.grpcUrl as string);
    await until(() => app.told().length === 11, Boolean, 60_000);
    expect(app.lines[0]).toBe('ready');
    const metadata = { environment: 'prod', revision: 1 };
    expect(app.told()).toEqual([
      { flag: 'truth', value: true, variant: 'on', reason: 'STATIC', metadata },
      { flag: 'truth', value: true, variant: 'on', reason: 'CACHED', metadata },
      { flag: 'lie', value: false, variant: 'off', reason: 'STATIC', metadata },
      { flag: 'text', value: 'b ü', variant: 'long', reason: 'STATIC', metadata },
      {
        ...{ flag: 'by-plan', value: 'pro tier', variant: 'pro', reason: 'TARGETING_MATCH' },
        metadata: { ...metadata, rule: 'pro' },
      },
      { flag: 'number', value: 0.5, variant: 'half', reason: 'STATIC' },
      { flag: 'integer', value: 42, variant: 'many', reason: 'STATIC' },
      { flag: 'object', value: { a: [1, { b: null }] }, variant: 'some', reason: 'STATIC' },
      { flag: 'nope', value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', metadata: {} },
      { flag: 'text', value: true, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', metadata: {} },
      { flag: 'bare', value: 'mine', reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', metadata: {} },
    ]);
    expect(await app.ask('truth')).toMatchObject({ value: true, reason: 'CACHED' });
    await files.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
    await until(() => app.changed().includes('truth'), Boolean, 30_000);
    expect(await app.ask('truth')).toMatchObject({ value: false, reason: 'STATIC' });
    expect(await app.ask('truth')).toMatchObject({ value: false, reason: 'CACHED' });
  });
});
