// The whole relay in this process: what it refuses to start with, how it starts with all else down, and how it ends.

import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/errors.ts';
import { DiskCache } from '../../src/relay/disk-cache.ts';
import { createFolder, flagFile } from './folder.ts';
import { relay } from './start.ts';
import { snapshotAt, until } from './support.ts';

/** A PostgreSQL that is down: nothing listens there. */
const DOWN = 'postgres://halyard:secret-password@127.0.0.1:9/halyard';

describe('a relay refuses to start', () => {
  const cases: [what: string, options: Parameters<typeof relay>[0], says: RegExp][] = [
    ['for strangers without a token file', { source: DOWN, listen: '0.0.0.0:0' }, /--token-file/],
    ['for strangers on IPv6 without a token file', { source: DOWN, listen: '[::]:0' }, /--token-file/],
    ['with an address that is none', { source: DOWN, listen: '8016' }, /127\.0\.0\.1:8016/],
    ['with a port that is none', { source: DOWN, listen: '127.0.0.1:99999' }, /no address/],
    ['with an unknown source', { source: 'ftp://x' }, /directory:/],
    ['with no folder', { source: 'directory:' }, /directory:/],
    ['with a token file that is not there', { source: DOWN, tokenFile: '/nowhere/tokens' }, /ENOENT/],
    [
      'with an origin that is none',
      { source: DOWN, corsOrigins: ['shop.example'] },
      /https:\/\/shop\.example/,
    ],
    [
      'with an origin that has a path',
      { source: DOWN, corsOrigins: ['https://shop.example/'] },
      /without a path/,
    ],
    ['with a host that has a port', { source: DOWN, allowHosts: ['relay.internal:8016'] }, /without a port/],
    ['with a host that is an address', { source: DOWN, allowHosts: ['http://relay'] }, /is no host name/],
    ['with a host that stands for many', { source: DOWN, allowHosts: ['*.internal'] }, /is no host name/],
  ];
  it.each(cases)('%s', async (_what, options, says) => {
    const error = await relay(options).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(says);
    expect((error as Error).message).not.toMatch(/secret-password|token=abc/);
  });

  it('on a port that is in use, in one sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const starting = relay({ source: DOWN, listen: `127.0.0.1:${port}` });
    await expect(starting).rejects.toThrow(new RegExp(`--listen 127\\.0\\.0\\.1:${port} is in use`));
    other.close();
  });

  it('with an empty token file', async () => {
    await using folder = await createFolder({ tokens: '# none yet\n\n' });
    const starting = relay({ source: DOWN, tokenFile: join(folder.path, 'tokens') });
    await expect(starting).rejects.toThrow(/holds no token/);
  });
});

describe('a relay with everything else down', () => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, at) => [
      `flag-${at}`,
      {
        description: 'One of ten thousand, with a rule like those of the sample project.',
        rules: [
          {
            name: 'US ramp',
            if: { attribute: 'country', operator: 'in' as const, value: ['US', 'CA'] },
            then: { serve: 'on', percent: 10 },
          },
        ],
      },
    ]),
  );

  it('I8: starts from its cache at 10,000 flags, and says that it is stale', async () => {
    await using folder = await createFolder({});
    const cache = new DiskCache(folder.path, 'prod', 'acme/shop');
    await cache.load();
    await cache.save(snapshotAt(12, { flags: many }));
    await using served = await relay({ source: DOWN, project: 'acme/shop', cache: folder.path });
    const answer = await served.evaluate('flag-9999', { targetingKey: 'u', country: 'DE' });
    expect(answer).toMatchObject({ value: true, metadata: { revision: 12 } });
    expect(served.statusNow()).toMatchObject({ stale: true, fromCache: true, revision: 12, ready: true });
  });

  it('I8: passes over a damaged file, and serves the generation before it', async () => {
    await using folder = await createFolder({});
    const cache = new DiskCache(folder.path, 'prod', 'acme/shop');
    await cache.load();
    for (const revision of [1, 2]) await cache.save(snapshotAt(revision, { flags: { a: {} } }));
    await truncate(join(folder.path, 'acme%2Fshop@prod.snapshot'), 300);
    await using served = await relay({ source: DOWN, cache: folder.path });
    expect(await served.evaluate('a')).toMatchObject({ value: true, metadata: { revision: 1 } });
    expect(served.lines().join()).toContain('damaged');
  });

  it('without a cache answers PROVIDER_NOT_READY, is alive, not ready, and says why without the password', async () => {
    await using served = await relay({ source: DOWN });
    expect(await served.evaluate('a')).toMatchObject({ reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY' });
    await until(() => (served.statusNow().source as { state: string }).state === 'faulty');
    expect(served.statusNow()).toMatchObject({ source: { lastError: { code: 'postgres' } } });
    const statuses = ['/livez', '/readyz', '/startupz'].map(
      async (path) => (await fetch(served.url + path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 503, 503]);
    expect(JSON.stringify([served.statusNow(), served.lines()])).not.toContain('secret-password');
  });

  it('says a fault that lasts once, not at every attempt', async () => {
    await using served = await relay({ source: DOWN });
    await until(() => (served.statusNow().source as { state: string }).state === 'faulty');
    const metrics = async () => (await fetch(`${served.url}/metrics`)).text();
    await until(async () => /source_faults_total\{code="postgres"\} [3-9]/.test(await metrics()));
    expect(await metrics()).toContain('halyard_source_up{source="postgres"} 0');
    expect(served.lines().filter((line) => line.includes('something is wrong'))).toHaveLength(1);
  });
});

describe('--probe-listen', () => {
  it('serves probes and metrics alone, without a token and for any host', async () => {
    await using folder = await createFolder({ 'project.yaml': '', tokens: 'secret\n' });
    await using served = await relay({
      source: DOWN,
      tokenFile: join(folder.path, 'tokens'),
      probeListen: '127.0.0.1:0',
    });
    const at = served.probeUrl as string;
    expect((await fetch(`${served.url}/livez`)).status).toBe(401);
    for (const [path, status] of Object.entries({
      '/livez': 200,
      '/readyz': 503,
      '/startupz': 503,
      '/metrics': 200,
      '/v1/status': 404,
      '/v1/flags': 404,
      '/docs': 404,
    })) {
      expect([path, (await fetch(at + path)).status]).toEqual([path, status]);
    }
  });
});

describe('reload', () => {
  it('rereads the tokens, and keeps the old ones if the file is no good', async () => {
    await using folder = await createFolder({ tokens: 'old\n' });
    const tokenFile = join(folder.path, 'tokens');
    await using served = await relay({ source: DOWN, tokenFile });
    const status = async (token: string) =>
      (await fetch(`${served.url}/livez`, { headers: { 'x-api-key': token } })).status;
    await writeFile(tokenFile, 'new\n');
    expect([await status('old'), await status('new')]).toEqual([200, 401]);
    await served.reload();
    expect([await status('old'), await status('new')]).toEqual([401, 200]);
    await writeFile(tokenFile, '');
    await expect(served.reload()).rejects.toThrow(UsageError);
    expect(await status('new')).toBe(200);
  });
});

describe('a relay that stops', () => {
  it('finishes the request in flight, ends its streams, and takes no new connection', async () => {
    await using folder = await createFolder();
    const served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const stream = await fetch(`${served.url}/v1/stream`);
    const { port } = new URL(served.url);
    const slow = connect(Number(port), '127.0.0.1');
    let answer = '';
    slow.on('data', (chunk) => {
      answer += chunk.toString();
    });
    const body = '{"context":{}}';
    slow.write(
      `POST /v1/evaluate/truth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n{`,
    );
    await until(async () => /in_flight [12]\n/.test(await (await fetch(`${served.url}/metrics`)).text()));
    const stopping = served.stop();
    slow.write(body.slice(1));
    await until(() => answer.includes('"value":true'));
    await stream.text();
    await stopping;
    await expect(fetch(`${served.url}/livez`)).rejects.toThrow();
    await served.stop();
  });

  it('answers what busy clients still send, tells them to close, and loses none', async () => {
    await using folder = await createFolder();
    const served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const clients = Array.from({ length: 16 }, () => new BusyClient(served.url));
    await until(() => clients.every(({ answers }) => answers > 10));
    await served.stop();
    await until(() => clients.every(({ ended }) => ended));
    expect(clients.map(({ ended }) => ended)).toEqual(clients.map(() => 'told to close'));
  });

  it('refuses those too who ask wrongly, and lets none of them wait', async () => {
    await using folder = await createFolder();
    const served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    // More than are refused at once, or one after the other within what a relay has to stop, where a refusal alone closes.
    const clients = Array.from({ length: 100 }, () => new BusyClient(served.url, '[]'));
    await until(() => clients.every(({ answers }) => answers > 0));
    await served.stop();
    await until(() => clients.every(({ ended }) => ended));
    expect(clients.filter(({ ended }) => ended !== 'told to close')).toEqual([]);
  });

  it('answers those too who have connected, and whom it has not yet taken', async () => {
    await using folder = await createFolder();
    const served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const clients = Array.from({ length: 20 }, () => new BusyClient(served.url));
    // Not one turn of the event loop more than they need to connect.
    while (!clients.every(({ isConnected }) => isConnected)) await new Promise(setImmediate);
    await served.stop();
    await until(() => clients.every(({ ended }) => ended));
    expect(clients.filter(({ ended }) => ended !== 'told to close')).toEqual([]);
  });

  it('I10: cuts a request that does not end, and waits neither for it nor for its timeout', async () => {
    await using folder = await createFolder();
    const served = await relay({ source: `directory:${folder.path}` });
    const { port } = new URL(served.url);
    const stuck = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    stuck.write(
      'POST /v1/evaluate/truth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    await until(async () => /in_flight [12]\n/.test(await (await fetch(`${served.url}/metrics`)).text()));
    let answer = '';
    stuck.on('data', (chunk) => {
      answer += chunk.toString();
    });
    const cut = once(stuck, 'close');
    await served.stop();
    await cut;
    expect(answer).toBe('');
  });
});

describe('I12', () => {
  it('no attribute of a context reaches a log, a metric, a status or an error', async () => {
    const secret = 'alice-7f3a@example.com';
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const bodies = [
      { context: { targetingKey: secret, email: secret, [secret]: secret } },
      { context: [secret] },
      { context: secret },
      [secret],
      { context: {}, flags: [secret] },
      { context: {}, flags: secret },
      `{"context":{"email":"${secret}"`,
      `{"context":{"email":${secret}}}`,
      `${'['.repeat(70)}"${secret}"`,
    ];
    const said: string[] = [];
    for (const body of bodies) {
      for (const path of [
        '/v1/evaluate/half',
        '/v1/evaluate',
        '/ofrep/v1/evaluate/flags/half',
        '/ofrep/v1/evaluate/flags',
      ]) {
        const response = await fetch(served.url + path, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-api-key': secret,
            authorization: `Bearer ${secret}`,
          },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        });
        const text = await response.text();
        // A caller who asks for an unknown flag is told its key; nothing else comes back.
        said.push(path === '/v1/evaluate' && JSON.stringify(body).includes('"flags":[') ? '' : text);
      }
      await fetch(`${served.url}/${encodeURIComponent(secret)}?q=${secret}`, { headers: { cookie: secret } });
      await fetch(`${served.url}/v1/evaluate/${encodeURIComponent(secret)}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
    }
    await folder.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
    await until(async () => (await served.evaluate('truth')).value === false);
    const metrics = await (await fetch(`${served.url}/metrics`)).text();
    const everything = [...said, ...served.lines(), metrics, JSON.stringify(served.statusNow())].join('\n');
    expect(everything).toContain('snapshot swapped');
    expect(everything).not.toContain('alice-7f3a');
  });

  it('evaluating writes no line to the log', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const before = served.lines().length;
    for (let call = 0; call < 20; call++) await served.evaluate('truth');
    expect(served.lines()).toHaveLength(before);
  });
});

/** Sends its next request as soon as it has an answer, on one connection. */
class BusyClient {
  answers = 0;
  isConnected = false;
  ended: 'told to close' | 'cut off' | undefined;
  readonly #socket;
  readonly #body: string;

  constructor(url: string, body = '{}') {
    this.#body = body;
    this.#socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      this.isConnected = true;
      this.#send();
    });
    this.#socket.on('data', (bytes) => this.#read(bytes.toString()));
    this.#socket
      .on('error', () => undefined)
      .on('close', () => {
        this.ended ??= 'cut off';
      });
  }

  #send(): void {
    const head = 'POST /v1/evaluate/truth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json';
    this.#socket.write(`${head}\r\nContent-Length: ${this.#body.length}\r\n\r\n${this.#body}`);
  }

  #read(answer: string): void {
    this.answers++;
    if (/^connection: close/im.test(answer)) this.ended = 'told to close';
    else this.#send();
  }
}
