// GET /v1/snapshot as another relay asks it: only what changed, and how fresh it is.
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { snapshotDigest } from '../../../src/model/snapshot.ts';
import type { SnapshotChanges } from '../../../src/relay/http/snapshot-changes.ts';
import type { Bodies } from '../../support/snapshot.ts';
import { serve, snapshotAt, type TestServer } from '../support.ts';

const off = { fallthrough: { serve: 'off' } } as const;

/** As the database numbers rows: each has the revision of its last change. */
function numbered(revision: number, bodies: Bodies, before?: Snapshot): Snapshot {
  const snapshot = snapshotAt(revision, bodies);
  const known = new Map(before?.definitions.map((row) => [`${row.kind} ${row.key} ${row.digest}`, row]));
  const definitions = snapshot.definitions.map(
    (row) => known.get(`${row.kind} ${row.key} ${row.digest}`) ?? { ...row, revision },
  );
  return { ...snapshot, digest: snapshotDigest(definitions), definitions };
}

const first = numbered(1, { flags: { a: {}, b: {}, c: {} } });
const second = numbered(2, { flags: { a: off, b: {}, c: {} } }, first);
const third = numbered(3, { flags: { a: off, c: {}, d: {} } }, second);

async function changesAfter(server: TestServer, revision: number): Promise<SnapshotChanges> {
  const response = await server.get(`/v1/snapshot?after=${revision}`);
  expect(response.status).toBe(200);
  return (await response.json()) as SnapshotChanges;
}

const namesOf = ({ definitions, removed }: SnapshotChanges) => [
  definitions.map(({ key }) => key),
  removed.map(({ key }) => key),
];

describe('GET /v1/snapshot?after', () => {
  it('answers what changed since a snapshot that was served, with what is gone', async () => {
    await using server = await serve(first);
    await server.store.offer(second);
    await server.store.offer(third);
    expect(namesOf(await changesAfter(server, 1))).toEqual([['a', 'd'], ['b']]);
    expect(namesOf(await changesAfter(server, 2))).toEqual([['d'], ['b']]);
    const { definitions, removed, ...head } = await changesAfter(server, 2);
    const { definitions: _, ...whole } = third;
    expect(head).toEqual({ ...whole, after: 2 });
  });

  it('answers the rows of later revisions where it has not served that one', async () => {
    await using server = await serve(third);
    expect(namesOf(await changesAfter(server, 2))).toEqual([['d'], []]);
    expect(namesOf(await changesAfter(server, 0))[0]).toHaveLength(third.definitions.length);
    expect(namesOf(await changesAfter(server, 99))).toEqual([[], []]);
  });

  it('answers 304 to who has what is served, whatever is asked after', async () => {
    await using server = await serve(first);
    const etag = (await server.get('/v1/snapshot')).headers.get('etag') ?? '';
    expect((await server.get('/v1/snapshot?after=1', { 'if-none-match': etag })).status).toBe(304);
    await server.store.offer(second);
    expect((await server.get('/v1/snapshot?after=1', { 'if-none-match': etag })).status).toBe(200);
  });

  it.each([
    'after=',
    'after=-1',
    'after=1.5',
    'after=x',
    'after=1&after=2',
    'witness=x',
    'after=9999999999999999',
  ])('refuses %s', async (query) => {
    await using server = await serve(first);
    expect((await server.get(`/v1/snapshot?${query}`)).status).toBe(400);
  });

  it('compresses many changes, and not a few', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`flag-${at}`, {}]));
    await using server = await serve(first);
    await server.store.offer(second);
    const few = await server.get('/v1/snapshot?after=1', { 'accept-encoding': 'br' });
    expect(few.headers.get('content-encoding')).toBeNull();
    await server.store.offer(numbered(3, { flags: many }, second));
    const all = await server.get('/v1/snapshot?after=2', { 'accept-encoding': 'br' });
    expect(all.headers.get('content-encoding')).toBe('br');
    expect(((await all.json()) as SnapshotChanges).definitions).toHaveLength(100);
  });
});

describe('the headers of a snapshot', () => {
  it('tell a relay behind it the last entry of the chain, and the hash of one that it asks for', async () => {
    await using server = await serve(second);
    const asked = await server.get('/v1/snapshot?witness=2');
    expect(asked.headers.get('halyard-witness')).toBe('2 hash-of-2');
    expect(asked.headers.get('halyard-witnessed')).toBe('hash-of-2');
    // What it cannot look up it does not claim.
    for (const entry of [1, 3]) {
      const { headers } = await server.get(`/v1/snapshot?witness=${entry}`);
      expect(headers.get('halyard-witnessed')).toBeNull();
    }
  });

  it('say that nothing has confirmed what is served, also with a 304', async () => {
    await using server = await serve(first);
    const whole = await server.get('/v1/snapshot');
    const same = await server.get('/v1/snapshot', { 'if-none-match': whole.headers.get('etag') ?? '' });
    expect(same.status).toBe(304);
    for (const { headers } of [whole, same]) {
      expect([headers.get('halyard-stale'), headers.get('halyard-age')]).toEqual(['unconfirmed', null]);
    }
  });
});
