// OFREP over real HTTP: every answer is one that the protocol's schema allows.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlagBody, Snapshot } from '../../../src/model/snapshot.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { ofrepFaults } from '../ofrep-schema.ts';
import { serve, type TestServer } from '../support.ts';

const only = (type: FlagBody['type'], a: FlagBody['variations'][string]): Partial<FlagBody> => ({
  type,
  variations: { a },
  off: 'a',
  fallthrough: { serve: 'a' },
});
const flags: { [key: string]: Partial<FlagBody> } = {
  truth: {},
  text: only('string', 'ü "quoted"'),
  integer: only('number', 42),
  float: only('number', 0.5),
  zero: only('number', 0),
  object: only('json', { a: [1] }),
  list: only('json', [1, null]),
  fallen: {
    rules: [
      { name: 'pro only', if: { attribute: 'plan', operator: 'eq', value: 'pro' }, then: { serve: 'off' } },
    ],
  },
  half: { fallthrough: { serve: 'on', percent: 50 } },
  bare: {
    type: 'string',
    variations: { a: 'a' },
    off: undefined as never,
    enabled: false,
    fallthrough: { serve: 'a' },
  },
};
const where = { environment: 'prod', revision: 7, commit: 'c0ffee' };

let server: TestServer;
beforeAll(async () => {
  server = await serve(snapshotOfBodies({ flags }));
});
afterAll(() => server[Symbol.asyncDispose]());

const sdk = { 'content-type': 'application/json; charset=utf-8' };

async function single(key: string, body: unknown) {
  const response = await server.post(`/ofrep/v1/evaluate/flags/${key}`, body, sdk);
  const answer = (await response.json()) as { [member: string]: unknown };
  expect(ofrepFaults('single', response.status, answer)).toEqual([]);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return { status: response.status, answer };
}

describe('one flag', () => {
  it.each(Object.keys(flags))(
    '%s is answered as OFREP allows, with and without a targeting key',
    async (key) => {
      for (const context of [{ targetingKey: 'u1' }, { plan: 'pro', targetingKey: 'u2' }, {}]) {
        const { status } = await single(key, { context });
        expect(status).toBe(key === 'half' && !('targetingKey' in context) ? 400 : 200);
      }
    },
  );

  it('has key, reason, variant, value and metadata, in this order', async () => {
    const { answer } = await single('truth', { context: { targetingKey: 'u' } });
    expect(Object.entries(answer)).toEqual([
      ['key', 'truth'],
      ['reason', 'STATIC'],
      ['variant', 'on'],
      ['value', true],
      ['metadata', where],
    ]);
  });

  it("the app's own default stands where there is no value: it is left out, and never null", async () => {
    const { status, answer } = await single('bare', { context: {} });
    expect([status, answer]).toEqual([200, { key: 'bare', reason: 'DISABLED', metadata: where }]);
  });

  it('metadata names the rule', async () => {
    const { answer } = await single('fallen', { context: { plan: 'pro' } });
    expect(answer).toMatchObject({ reason: 'TARGETING_MATCH', metadata: { rule: 'pro only' } });
  });

  it('an unknown flag is 404, whatever its key', async () => {
    for (const key of ['nope', '__proto__', 'a/b', 'ü']) {
      const { status, answer } = await single(encodeURIComponent(key), { context: {} });
      expect([status, answer.key, answer.errorCode]).toEqual([404, key, 'FLAG_NOT_FOUND']);
    }
  });

  it('a missing targeting key is 400', async () => {
    const { status, answer } = await single('half', { context: {} });
    expect([status, answer.errorCode]).toEqual([400, 'TARGETING_KEY_MISSING']);
  });

  it.each([
    ['{"context":[]}', 'INVALID_CONTEXT'],
    ['{"context":"u"}', 'INVALID_CONTEXT'],
    ['{"context":null}', 'INVALID_CONTEXT'],
    ['{}', 'INVALID_CONTEXT'],
    ['{"context":', 'PARSE_ERROR'],
    ['[]', 'PARSE_ERROR'],
    ['', 'PARSE_ERROR'],
  ])('the body %s is 400 %s, with the key', async (body, errorCode) => {
    const init = { method: 'POST', headers: sdk, body };
    const response = await fetch(`${server.url}/ofrep/v1/evaluate/flags/truth`, init);
    const answer = await response.json();
    expect(ofrepFaults('single', response.status, answer)).toEqual([]);
    expect(answer).toMatchObject({ key: 'truth', errorCode });
  });
});

it.each(['%', '%zz', '%C3'])(
  'a key that is not decodable, %s, is 400 with the key as it came',
  async (key) => {
    const response = await server.post(`/ofrep/v1/evaluate/flags/${key}`, { context: {} });
    const answer = await response.json();
    expect(ofrepFaults('single', response.status, answer)).toEqual([]);
    expect([response.status, answer]).toEqual([400, expect.objectContaining({ key, errorCode: 'GENERAL' })]);
  },
);

describe('all flags', () => {
  const bulkOf = async (context: unknown, headers: Record<string, string> = {}, at = server) => {
    const response = await at.post('/ofrep/v1/evaluate/flags', { context }, { ...sdk, ...headers });
    const text = await response.text();
    const body = text === '' ? undefined : (JSON.parse(text) as { flags: { key: string }[] });
    if (response.status !== 304) expect(ofrepFaults('bulk', response.status, body)).toEqual([]);
    return { status: response.status, body, etag: response.headers.get('etag') ?? '' };
  };

  it('answers each flag as a call for it alone does; one that fails does not fail the others', async () => {
    for (const context of [{ targetingKey: 'u1' }, {}]) {
      const { status, body } = await bulkOf(context);
      expect([status, body?.flags.map(({ key }) => key)]).toEqual([200, Object.keys(flags)]);
      for (const item of body?.flags ?? [])
        expect((await single(item.key, { context })).answer).toEqual(item);
    }
    const { body } = await bulkOf({});
    expect(body?.flags).toContainEqual(
      expect.objectContaining({ key: 'half', errorCode: 'TARGETING_KEY_MISSING' }),
    );
    expect(body?.flags).toContainEqual({ key: 'bare', reason: 'DISABLED', metadata: where });
  });

  it('names the stream of events', async () => {
    const { body } = await bulkOf({});
    expect(body).toMatchObject({
      eventStreams: [{ type: 'sse', endpoint: { requestUri: '/ofrep/v1/events' } }],
    });
  });

  it('a client that has these results is answered 304, without a body', async () => {
    const { etag } = await bulkOf({ targetingKey: 'u1' });
    for (const header of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      expect(await bulkOf({ targetingKey: 'u1' }, { 'if-none-match': header })).toEqual({
        status: 304,
        body: undefined,
        etag,
      });
    }
    expect((await bulkOf({ targetingKey: 'u1' }, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('the tag is that of the results: another context with the same results has it too, one with others has not', async () => {
    const [one, same, other] = await Promise.all(
      [{ a: 1 }, { b: 2 }, { plan: 'pro' }].map((attributes) =>
        bulkOf({ targetingKey: 'u1', ...attributes }),
      ),
    );
    expect(one?.etag).toBe(same?.etag);
    expect(one?.etag).not.toBe(other?.etag);
  });

  it('a new revision keeps the tag where it changes no result, and changes it where it does', async () => {
    await using at = await serve(snapshotOfBodies({ flags }));
    const next = (revision: number, changed: Partial<FlagBody>): Snapshot => ({
      ...snapshotOfBodies({ flags: { ...flags, text: { ...flags.text, ...changed } } }),
      revision,
    });
    const { etag } = await bulkOf({ targetingKey: 'u1' }, {}, at);
    await at.store.offer(next(8, { description: 'said better' }));
    expect(await bulkOf({ targetingKey: 'u1' }, { 'if-none-match': etag }, at)).toMatchObject({
      status: 304,
      etag,
    });
    await at.store.offer(next(9, { variations: { a: 'new' } }));
    const changed = await bulkOf({ targetingKey: 'u1' }, { 'if-none-match': etag }, at);
    expect([changed.status, changed.etag === etag]).toEqual([200, false]);
  });

  it.each(['[]', '"u"', 'null'])('the context %s is 400 INVALID_CONTEXT', async (context) => {
    const { status, body } = await bulkOf(JSON.parse(context));
    expect([status, body]).toEqual([400, expect.objectContaining({ errorCode: 'INVALID_CONTEXT' })]);
  });

  it('query parameters of a refetch are taken', async () => {
    const path = '/ofrep/v1/evaluate/flags?flagConfigEtag=abc&flagConfigLastModified=1771622898';
    expect((await server.post(path, { context: {} })).status).toBe(200);
  });
});
