// How a forge's API is asked: with a token that goes nowhere else, page by page, patiently, and never without an end.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Api } from '../../../src/sync/evidence/api.ts';
import { MalformedError, TooMuchError } from '../../../src/sync/evidence/forge.ts';
import { ForgeServer } from '../../support/forge-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';

const TOKEN = 'hunter2hunter2';
const signal = AbortSignal.timeout(60_000);

let forge: ForgeServer;
let folder: string;
let api: Api;
let nowMs = 0;

beforeEach(async () => {
  [forge, folder] = await Promise.all([ForgeServer.start(), temporaryFolder('halyard-forge-')]);
  await writeFile(join(folder, 'token'), `${TOKEN}\n`);
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  api = new Api({
    name: 'GitHub',
    url: forge.url,
    tokenFile: join(folder, 'token'),
    headers: { 'x-github-api-version': '2022-11-28' },
    now: () => nowMs,
  });
});

afterEach(async () => {
  await forge[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** That it does not answer as it should, in words that hold no token. */
async function fault(asking: Promise<unknown>): Promise<string> {
  const error: Error = await asking.then(
    () => expect.unreachable(),
    (caught) => caught,
  );
  expect(error).toMatchObject({ name: 'UnreachableError', code: 'http' });
  expect(`${error} ${JSON.stringify(error)} ${error.stack} ${error.cause}`).not.toContain(TOKEN);
  return error.message;
}

test('the token of the file, as it is now, is sent as a header, and the version of the API with it', async () => {
  forge.answer('/one', { a: 1 });
  expect(await api.get('/one', signal)).toEqual({ a: 1 });
  await writeFile(join(folder, 'token'), 'another-token');
  await api.get('/one', signal);
  const [first, second] = forge.asked;
  expect(first?.headers).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    'x-github-api-version': '2022-11-28',
    'user-agent': expect.stringMatching(/^halyard\/\d/),
  });
  expect(second?.headers.authorization).toBe('Bearer another-token');
});

test.each([400, 404, 406, 409, 410, 418, 422, 451])(
  'what is not to be had (%i) is undefined',
  async (status) => {
    forge.answer('/none', { message: 'no' }, { status });
    expect(await api.get('/none', signal)).toBeUndefined();
    expect(await api.list('/none', signal)).toBeUndefined();
  },
);

describe('is an answer that says nothing:', () => {
  test.each(['', 'null]', '<html>', '{"a":'])('%j', async (body) => {
    forge.answer('/one', body);
    await expect(api.get('/one', signal)).rejects.toThrow(MalformedError);
  });

  test('a list that is none', async () => {
    forge.answer('/one', { message: 'moved' });
    await expect(api.list('/one', signal)).rejects.toThrow(MalformedError);
  });
});

describe('pages', () => {
  const page = (n: number) => `/list?per_page=100&page=${n}`;

  test('are followed by the Link header to the last one', async () => {
    const link = (n: number) => `<${forge.url}${page(1)}>; rel="first", <${forge.url}${page(n)}>; rel="next"`;
    forge.answer('/list?per_page=100', [1, 2], { headers: { link: link(2) } });
    forge.answer(page(2), [3], { headers: { link: `<${page(3)}>; rel=next; title="a, b"` } });
    forge.answer(page(3), [4], { headers: { link: `<${forge.url}${page(1)}>; rel="prev"` } });
    expect(await api.list('/list?per_page=100', signal)).toEqual([1, 2, 3, 4]);
  });

  test('without end are given up', async () => {
    forge.answer('/list', [1], { headers: { link: '</list>; rel="next"' } });
    await expect(api.list('/list', signal)).rejects.toThrow(TooMuchError);
    expect(forge.asked.length).toBeLessThan(100);
  });

  test('that are long are given up before they fill the memory', async () => {
    const body = JSON.stringify(['x'.repeat(10_000_000)]);
    forge.answer('/list', body, { headers: { link: '</list>; rel="next"' } });
    await expect(api.list('/list', signal)).rejects.toThrow(TooMuchError);
    expect(forge.asked.length).toBeLessThan(10);
  });

  test('on another host are not followed', async () => {
    await using other = await ForgeServer.start();
    forge.answer('/list', [1], { headers: { link: `<${other.url}/list>; rel="next"` } });
    expect(await fault(api.list('/list', signal))).toContain('a next page that is elsewhere');
    expect(other.asked).toEqual([]);
  });
});

describe('a redirect', () => {
  test('within the forge is followed: a repository that was renamed', async () => {
    forge.answer('/old', '', { status: 301, headers: { location: '/repositories/1' } });
    forge.answer('/repositories/1', { id: 1 });
    expect(await api.get('/old', signal)).toEqual({ id: 1 });
  });

  test('to another host is not, so the token stays here', async () => {
    await using other = await ForgeServer.start();
    forge.answer('/old', '', { status: 302, headers: { location: `${other.url}/new` } });
    expect(await fault(api.get('/old', signal))).toContain('is not followed');
    expect(other.asked).toEqual([]);
  });

  test('to itself comes to an end', async () => {
    forge.answer('/old', '', { status: 307, headers: { location: '/old' } });
    await fault(api.get('/old', signal));
    expect(forge.asked.length).toBeLessThan(10);
  });
});

describe('a forge that asks for patience', () => {
  test.each([
    ['429 with seconds', 429, { 'retry-after': '30' }, 30],
    ['403 with seconds', 403, { 'retry-after': '30' }, 30],
    ['403 with the instant', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225645' }, 45],
    ['429 with GitLab’s instant', 429, { 'ratelimit-reset': '1767225645' }, 45],
    ['403 that says it in words alone', 403, {}, 60],
    ['429 that says nothing', 429, {}, 60],
    ['429 until the end of days', 429, { 'retry-after': '99999999999' }, 3600],
    ['429 that says no number', 429, { 'retry-after': 'later' }, 60],
  ])('by %s is left alone for so long', async (_, status, headers, seconds) => {
    const body = { message: 'You have exceeded a secondary rate limit.' };
    forge.answer('/one', body, { status, headers });
    expect(await fault(api.get('/one', signal))).toMatch(/^GitHub asks not to be asked before 2026-/);
    forge.answer('/one', { a: 1 });
    nowMs += seconds * 1000 - 1;
    await fault(api.get('/one', signal));
    expect(forge.asked).toHaveLength(1);
    nowMs += 1;
    expect(await api.get('/one', signal)).toEqual({ a: 1 });
  });
});

describe('is a failure of the world:', () => {
  test.each([
    [401, 'GitHub answers 401 to /one: it does not take the token of --forge-token-file.'],
    [403, 'GitHub answers 403 to /one: the token of --forge-token-file may not read this.'],
    [500, 'GitHub answers 500 to /one: it fails.'],
    [408, 'GitHub answers 408 to /one: it fails.'],
    [202, 'GitHub answers 202 to /one: it fails.'],
  ])('the status %i', async (status, message) => {
    forge.answer('/one', { message: 'no' }, { status });
    expect(await fault(api.get('/one', signal))).toBe(message);
  });

  test('a gateway that stays away, which is asked three times', async () => {
    forge.answer('/one', 'Bad Gateway', { status: 502 });
    expect(await fault(api.get('/one', signal))).toContain('502');
    expect(forge.asked).toHaveLength(3);
  });

  test.each(['<html>', '"x"', 'null'])('what is no answer about the repository itself: %j', async (body) => {
    forge.answer('/repository', body);
    await fault(api.assertThere('/repository', signal));
  });

  test('a token file that is empty, has two tokens or is gone', async () => {
    for (const text of ['', 'two tokens', 'to\nken\nken']) {
      await writeFile(join(folder, 'token'), text);
      expect(await fault(api.get('/one', signal))).toContain('--forge-token-file');
    }
    await rm(join(folder, 'token'));
    expect(await fault(api.get('/one', signal))).toContain('cannot be read');
    expect(forge.asked).toEqual([]);
  });
});

test('a gateway that comes back, and a connection that is lost once, are no failure', async () => {
  let times = 0;
  forge.answers.set('/one', (response) => {
    times += 1;
    if (times === 1) response.destroy();
    else response.writeHead(times === 2 ? 503 : 200).end('{"a":1}');
  });
  expect(await api.get('/one', signal)).toEqual({ a: 1 });
});

test('a body of gigabytes is not read', async () => {
  forge.answers.set('/one', (response) => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const send = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', send);
    };
    send();
  });
  await expect(api.get('/one', signal)).rejects.toThrow(TooMuchError);
});
