// A relay behind a relay: what it takes, what it refuses, and that it says how fresh all that is.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Wake } from '../../src/io/wake.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { nextLook } from '../../src/relay/source.ts';
import { CountingProxy } from '../bench/propagation-bytes.ts';
import { createFolder, flagFile, projectFile } from './folder.ts';
import { type Answer, followed, pretend } from './pretended.ts';
import { relay, type TestRelay } from './start.ts';
import { serve, snapshotAt, until } from './support.ts';
import { TcpProxy } from './tcp-proxy.ts';

const files = { 'project.yaml': projectFile, 'a.yaml': flagFile('a', 'on'), 'b.yaml': flagFile('b', 'on') };
const servedValue = async (served: TestRelay, flag: string) => (await served.evaluate(flag)).value;
const faultOf = (served: TestRelay) =>
  (served.statusNow().source as { lastError?: { code: string; message: string } }).lastError;
const isCurrent = (served: TestRelay) => served.statusNow().stale === false;

describe.concurrent('a relay behind a relay over a folder', () => {
  it('serves what that serves, and follows its changes, deletions and restarts', async () => {
    await using folder = await createFolder(files);
    const source = `directory:${folder.path}`;
    let first = await relay({ source });
    await using proxy = await TcpProxy.open(first.url);
    await using second = await relay({ source: proxy.urlOf(first.url) });
    await second.ready;
    const status = { project: 'acme/shop', flags: 2, source: { kind: 'upstream' } };
    expect(second.statusNow()).toMatchObject(status);
    await folder.write({ 'a.yaml': flagFile('a', 'off') });
    await until(async () => (await servedValue(second, 'a')) === false);
    await folder.write({ 'b.yaml': null, 'c.yaml': flagFile('c', 'on') });
    await until(async () => (await second.evaluate('b')).errorCode === 'FLAG_NOT_FOUND');
    expect([await servedValue(second, 'a'), await servedValue(second, 'c')]).toEqual([false, true]);
    const { revision } = second.statusNow();

    // Its successor counts from 1 again, and this one goes on.
    await first.stop();
    await until(() => faultOf(second)?.code === 'http');
    expect(await servedValue(second, 'c')).toBe(true);
    await folder.write({ 'a.yaml': flagFile('a', 'on') });
    first = await relay({ source, listen: new URL(first.url).host });
    await until(async () => (await servedValue(second, 'a')) === true);
    expect(second.statusNow().revision).toBeGreaterThan(revision as number);
    await until(() => isCurrent(second));
    await first.stop();
  });

  it('sends the token of its file, reads it anew where it is refused, and shows it to nobody', async () => {
    await using folder = await createFolder(files);
    await using secrets = await createFolder({ ours: 'wrong-secret\n', theirs: 'right-secret\n' });
    const [sourceTokenFile, tokenFile] = ['ours', 'theirs'].map((name) => join(secrets.path, name)) as [
      string,
      string,
    ];
    await using first = await relay({ source: `directory:${folder.path}`, tokenFile });
    await using without = await relay({ source: first.url });
    await until(() => faultOf(without)?.code === 'token');
    expect(faultOf(without)?.message).toMatch(/demands a token.*--source-token-file/);
    await using second = await relay({ source: first.url, sourceTokenFile });
    await until(() => faultOf(second)?.code === 'token');
    expect(faultOf(second)?.message).toContain(`--source-token-file ${sourceTokenFile}`);
    await writeFile(sourceTokenFile, '# the new one\nright-secret\n');
    await second.ready;
    expect(await servedValue(second, 'a')).toBe(true);
    await writeFile(sourceTokenFile, '# none\n');
    expect([...second.lines(), JSON.stringify(second.statusNow())].join()).not.toMatch(
      /(right|wrong)-secret/,
    );
  });

  it('waits for one that has no snapshot yet, and is there with it', async () => {
    await using folder = await createFolder({ 'project.yaml': 'nonsense: [' });
    await using first = await relay({ source: `directory:${folder.path}` });
    await using second = await relay({ source: first.url });
    await until(() => faultOf(second)?.code === 'not-ready');
    expect((await second.evaluate('a')).errorCode).toBe('PROVIDER_NOT_READY');
    await folder.write(files);
    await second.ready;
    expect(await servedValue(second, 'a')).toBe(true);
  });

  it.each([
    ['environment', { environment: 'dev' }, /serves the environment prod, not dev/],
    ['project', { project: 'acme/other' }, /serves the project acme\/shop, not acme\/other/],
  ])('does not take another %s', async (code, options, says) => {
    await using folder = await createFolder(files);
    await using first = await relay({ source: `directory:${folder.path}` });
    await using second = await relay({ source: first.url, ...options });
    await until(() => faultOf(second)?.code === code);
    expect(faultOf(second)?.message).toMatch(says);
    expect(second.statusNow().ready).toBe(false);
  });

  it('says that it is stale while that one is, and why, down a chain of three', async () => {
    await using folder = await createFolder(files);
    await using first = await relay({ source: `directory:${folder.path}` });
    await using second = await relay({ source: first.url });
    await using third = await relay({ source: second.url });
    await until(() => isCurrent(third));
    await folder.write({ 'a.yaml': 'nonsense: [' });
    await until(() => faultOf(third)?.code === 'upstream-stale');
    expect(faultOf(second)?.message).toContain('stale itself (definitions)');
    expect(faultOf(third)?.message).toContain('stale itself (upstream-stale)');
    const metrics = await (await fetch(`${third.url}/metrics`)).text();
    expect(metrics).toMatch(/halyard_source_faults_total\{code="upstream-stale"\} [1-9]/);
    const age = third.statusNow().ageMs as number;
    await until(() => (third.statusNow().ageMs as number) > age + 1_500);
    expect(await servedValue(third, 'a')).toBe(true);
    await folder.write({ 'a.yaml': flagFile('a', 'off') });
    await until(async () => isCurrent(third) && (await servedValue(third, 'a')) === false);
  });
});

it.each(['https://user:hunter2@relay.internal', 'https://relay.internal/?token=hunter2', 'https://'])(
  'does not start with a secret in the address, or with none: %s',
  async (source) => {
    const starting = relay({ source });
    await expect(starting).rejects.toThrow(/--source-token-file/);
    await expect(starting).rejects.not.toThrow(/hunter2/);
  },
);

const good = snapshotAt(3, { flags: { a: {} } });
const text =
  (value: unknown): Answer =>
  (_, response) =>
    void response.end(JSON.stringify(value));
const [row] = good.definitions as [Snapshot['definitions'][number]];
/** 70 MB of nothing. */
const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024), { level: 1 });
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

/** What is answered instead of a snapshot, and how it is called. */
const WRONG: [what: string, answer: Answer, code: string][] = [
  ['no JSON', (_, response) => void response.end('<h1>It works!</h1>'), 'answer'],
  ['null', text(null), 'answer'],
  ['a list', text([good]), 'answer'],
  ...['project', 'environment', 'revision', 'digest', 'definitions'].map((name): (typeof WRONG)[number] => [
    `a snapshot without ${name}`,
    text({ ...good, [name]: undefined }),
    'answer',
  ]),
  ['a revision that is no number', text({ ...good, revision: '3' }), 'answer'],
  ['a negative revision', text({ ...good, revision: -3 }), 'answer'],
  ['definitions that are none', text({ ...good, definitions: [null] }), 'answer'],
  ['a kind that there is not', text({ ...good, definitions: [{ ...row, kind: 'flags' }] }), 'digest'],
  ['a definition without a body', text({ ...good, definitions: [{ ...row, body: null }] }), 'answer'],
  [
    'a body that is not of its digest',
    text({ ...good, definitions: [{ ...row, body: { ...row.body, x: 1 } }] }),
    'digest',
  ],
  ['definitions that are not of the digest', text({ ...good, definitions: [] }), 'digest'],
  [
    'a body that nests too deeply',
    (_, response) =>
      void response.end(
        JSON.stringify({ ...good, definitions: [row] }).replace('"body":{', `"body":{"x":${deep},`),
      ),
    'answer',
  ],
  [
    'a few bytes that unpack to more than is read',
    (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    'answer',
  ],
  [
    'a redirect to elsewhere',
    (_, response) => void response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
    'http',
  ],
  ['status 500', (_, response) => void response.writeHead(500).end('{"errorCode":"GENERAL"}'), 'http'],
  ['status 404', (_, response) => void response.writeHead(404).end(), 'http'],
  [
    'status 403',
    (_, response) => void response.writeHead(403).end('{"errorDetails":"This Host header is not allowed."}'),
    'refused',
  ],
  ['304 to who named nothing', (_, response) => void response.writeHead(304).end(), 'answer'],
  ['not a word', () => undefined, 'http'],
  [
    'half an answer',
    (_, response) => void response.writeHead(200, { 'content-length': '9' }).write('{'),
    'http',
  ],
  [
    'what was packed, without its end',
    (_, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb.subarray(0, 2_000)),
    'http',
  ],
  ['a closed connection', (request) => void request.socket.destroy(), 'http'],
];

describe.concurrent('an answer that cannot be served', () => {
  it.each(WRONG)('is a fault in words, after which all goes on: %s', async (_what, answer, code) => {
    let isWrong = false;
    await using liar = await pretend((...exchange) => (isWrong ? answer : text(good))(...exchange));
    await using served = followed(liar.url);
    const { news } = served;
    await until(() => news.at(-1)?.type === 'current');
    expect(news[0]).toMatchObject({ type: 'snapshot', snapshot: { revision: 3, digest: good.digest } });
    isWrong = true;
    const last = await until(
      () => news.at(-1),
      (told) => told?.type === 'fault',
    );
    expect(last).toMatchObject({ fault: { code, message: expect.stringContaining(liar.url) } });
    isWrong = false;
    await until(() => news.at(-1)?.type === 'current');
  });
});

it('asks for what changed with the tag of what it has, and for the whole where that does not add up', async () => {
  const next = snapshotAt(4, { flags: { a: {}, b: {} } });
  let state: { etag: string; after?: object; whole: Snapshot } = { etag: '"3"', whole: good };
  await using upstream = await pretend((request, response) => {
    response.setHeader('etag', state.etag);
    if (request.headers['if-none-match'] === state.etag) return void response.writeHead(304).end();
    const { after, whole } = state;
    response.end(JSON.stringify(request.url?.includes('after=') && after ? after : whole));
  });
  await using served = followed(upstream.url);
  const { news } = served;
  await until(() => news.at(-1)?.type === 'current');
  expect(upstream.asked).toContain('/v1/snapshot?after=3 "3"');
  const { definitions, ...head } = next;
  const rows = definitions.filter(({ key }) => key === 'b');
  state = { etag: '"4"', after: { ...head, after: 3, removed: [], definitions: rows }, whole: next };
  await until(() => news.filter(({ type }) => type === 'snapshot').length === 2);
  expect(upstream.asked.filter((url) => url === '/v1/snapshot ')).toHaveLength(1);
  const gone = { ...good, revision: 5, entry: 5 };
  state = { etag: '"5"', after: { ...gone, after: 4, definitions: [] }, whole: gone };
  await until(() => news.filter(({ type }) => type === 'snapshot').length === 3);
  expect(news.findLast(({ type }) => type === 'snapshot')).toMatchObject({
    snapshot: { revision: 5, digest: good.digest },
  });
  expect(upstream.asked.filter((url) => url === '/v1/snapshot ')).toHaveLength(2);
});

describe('a fleet behind a relay', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`flag-${at}`, {}]));
  const changed = { 'flag-7': { fallthrough: { serve: 'off' } } } as const;

  it('is woken up by the stream, and one change among 10,000 flags takes little of the wire', async () => {
    await using upstream = await serve(snapshotAt(1, { flags: many }));
    await using wire = await CountingProxy.open(upstream.url);
    await using served = followed(wire.urlOf(upstream.url), { pollMs: 3_600_000 });
    await until(() => served.news.some(({ type }) => type === 'current'));
    const whole = wire.received;
    await upstream.store.offer(snapshotAt(2, { flags: { ...many, ...changed } }));
    const last = await until(
      () => served.news.at(-1),
      (told) => told?.type === 'snapshot' && told.snapshot.revision === 2,
    );
    expect(last).toMatchObject({ snapshot: { definitions: expect.objectContaining({ length: 10_001 }) } });
    expect(wire.received - whole).toBeLessThan(8 * 1024);
  });

  it('asks once for many changes in a row', async () => {
    let asked = 0;
    const stop = new AbortController();
    const wake = new Wake();
    const looking = (async () => {
      while (!stop.signal.aborted) {
        await nextLook(wake, 3_600_000, stop.signal, () => 1);
        asked++;
      }
    })();
    for (let n = 0; n < 50; n++) {
      wake.ring();
      await new Promise(setImmediate);
    }
    await until(() => asked === 1);
    stop.abort();
    await looking;
    // The second time it was told to end.
    expect(asked).toBe(2);
  });
});
