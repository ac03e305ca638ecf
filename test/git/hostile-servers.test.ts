// Servers that stall, flood, lie and lead elsewhere: a fetch from them ends in bounded time, memory and disk, with a clear word.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { canServeGit } from '../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import {
  type Answer,
  beginPack,
  deltaBomb,
  type HostileServer,
  line,
  objectStart,
  packed,
  packedDelta,
  packOf,
  packStart,
  sendPack,
  serveHostile,
} from '../support/hostile-git-server.ts';
import { processesNaming } from '../support/processes.ts';

const MEGABYTE = 1024 * 1024;
let stateFolder: string;
let certificates: string;

beforeEach(async () => {
  stateFolder = await temporaryFolder('halyard-hostile-');
  certificates = await temporaryFolder('halyard-certificates-');
});

afterEach(async () => {
  for (const folder of [stateFolder, certificates])
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function mirrorOf(
  { url, certificateFile }: Pick<HostileServer, 'url' | 'certificateFile'>,
  limits = {},
): Promise<Mirror> {
  const tokenFile = join(certificates, 'token');
  await writeFile(tokenFile, 'hunter2hunter2');
  return new Mirror({
    source: parseGitSource(url, '/'),
    branch: 'main',
    stateFolder,
    credentials: { tokenFile },
    inherited: { ...process.env, GIT_SSL_CAINFO: certificateFile },
    limits: { mirrorBytes: 8 * MEGABYTE, deadlineMs: 3_000, ...limits },
  });
}

async function fetchFrom(...of: Parameters<typeof mirrorOf>): Promise<Error> {
  const mirror = await mirrorOf(...of);
  return mirror.fetchHead().then(
    (head) => expect.unreachable(`fetched ${head}`),
    (error: Error) => error,
  );
}

/** Everything under the state folder. */
function sizeOnDisk(): number {
  const files = readdirSync(stateFolder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

const floods: [string, Answer, RegExp][] = [
  [
    'stalls in the midst of a pack',
    (response) =>
      void beginPack(response)(1, packOf(packed('blob', randomBytes(100_000))).subarray(0, 50_000)),
    /did not end in time/,
  ],
  [
    'says nothing at all',
    (response) =>
      void response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' }).write('0'),
    /did not end in time/,
  ],
  [
    'sends messages without end',
    async (response) => {
      const send = beginPack(response);
      while (!response.destroyed) await send(2, Buffer.alloc(600_000, 'Compressing objects: 1%\r\u001b[2J'));
    },
    /did not end in time/,
  ],
  [
    'sends what is no pack',
    (response) => void sendPack(response, Buffer.concat([Buffer.from('PACK'), randomBytes(50_000)])),
    /could not be fetched: git fetch failed/,
  ],
  [
    'sends a pack without the commit that it promised',
    (response) => void sendPack(response, packOf(packed('blob', Buffer.from('nothing else')))),
    /could not be fetched: git fetch failed/,
  ],
];

describe.runIf(canServeGit())('a server that', () => {
  test.each(floods)('%s is one that does not answer', async (_, pack, message) => {
    await using server = await serveHostile(certificates, { pack });
    const before = process.memoryUsage().rss;
    // Those that never end are ended; the others may take their time on a busy machine.
    const isEndless = message.source.includes('in time');
    const error = await fetchFrom(server, isEndless ? {} : { deadlineMs: 60_000 });
    expect(error).toMatchObject({
      name: 'UnreachableError',
      code: 'git',
      message: expect.stringMatching(message),
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(error.message).not.toMatch(/[\x00-\x1f]|hunter2/);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEGABYTE);
    expect(sizeOnDisk()).toBeLessThan(MEGABYTE);
    expect(processesNaming(server.url)).toBe(0);
  });

  test.each<[string, () => Buffer[]]>([
    ['a commit that says it has 3 GB', () => [packed('commit', Buffer.from('tree '), 3_000 * MEGABYTE)]],
    [
      'a delta that makes 4 GB of 64 KB',
      () => {
        const base = packed('blob', Buffer.alloc(65_536));
        return [base, packedDelta(base.length, deltaBomb(65_536))];
      },
    ],
  ])('sends %s is refused', async (_, objects) => {
    await using server = await serveHostile(certificates, {
      pack: (response) => void sendPack(response, packOf(...objects())),
    });
    const error = await fetchFrom(server, { deadlineMs: 60_000 });
    expect(error).toMatchObject({
      name: 'RefusedError',
      message: expect.stringContaining('takes too much memory'),
    });
  });

  test('sends what is refused is not asked for it again, until its branch moves on', async () => {
    let head = '1'.repeat(40);
    let packs = 0;
    await using server = await serveHostile(certificates, {
      refs: (response) => {
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
        response.end(Buffer.concat([line(`${head} refs/heads/main\n`), Buffer.from('0000')]));
      },
      pack: (response) => {
        packs += 1;
        void sendPack(response, packOf(packed('commit', Buffer.from('tree '), 3_000 * MEGABYTE)));
      },
    });
    const mirror = await mirrorOf(server, { deadlineMs: 60_000 });
    for (let trip = 0; trip < 3; trip++) await expect(mirror.fetchHead()).rejects.toThrow('too much memory');
    expect(packs).toBe(1);
    head = '2'.repeat(40);
    await expect(mirror.fetchHead()).rejects.toThrow('too much memory');
    expect(packs).toBe(2);
  });

  test('sends a pack without end is refused at the mirror’s limit, whose space is given back', async () => {
    await using server = await serveHostile(certificates, {
      pack: async (response) => {
        const send = beginPack(response);
        await send(1, Buffer.concat([packStart(1), objectStart('blob', 4_000 * MEGABYTE)]));
        // A stored block of deflate: what is sent is what is kept.
        await send(1, Buffer.of(0x78, 0x01));
        while (!response.destroyed) {
          const block = randomBytes(65_535);
          await send(1, Buffer.concat([Buffer.of(0, 0xff, 0xff, 0, 0), block]));
        }
      },
    });
    const error = await fetchFrom(server, { deadlineMs: 60_000 });
    expect(error).toMatchObject({
      name: 'RefusedError',
      message: expect.stringContaining('needs a mirror of more than 8 MB'),
    });
    expect(sizeOnDisk()).toBeLessThan(MEGABYTE);
  });

  test('redirects to another one is not followed, and that one hears nothing', async () => {
    await using other = await serveHostile(certificates, {});
    const to = new URL(other.url);
    await using server = await serveHostile(certificates, {
      advertisement: (response, request) => {
        const location = `https://localhost:${to.port}${request.url}`;
        response.writeHead(301, { location }).end();
      },
    });
    const error = await fetchFrom(server);
    expect(error).toMatchObject({
      name: 'UnreachableError',
      message: expect.stringContaining('a redirection is not followed'),
    });
    expect(other.requests).toEqual([]);
  });

  test('has plain files alone, and leads to objects elsewhere, is not followed', async () => {
    await using repository = await GitRepository.create();
    await repository.commit('one', { 'a.txt': 'a' });
    await repository.git('update-server-info');
    await using server = await serveHostile(certificates, {
      advertisement: (response, request) => {
        const path = join(repository.folder, '.git', (request.url ?? '').replace(/^\/repository|\?.*$/g, ''));
        if (path.endsWith('http-alternates')) response.end('https://127.0.0.1:1/elsewhere\n');
        else if (existsSync(path)) response.end(readFileSync(path));
        else response.writeHead(404).end();
      },
    });
    const error = await fetchFrom(server, { deadlineMs: 30_000 });
    expect(error).toMatchObject({
      name: 'UnreachableError',
      message: expect.stringMatching(/could not be fetched|does not answer/),
    });
    expect(server.requests.filter((request) => request.includes('/objects/'))).toEqual([]);
  });
});
