// A snapshot out of rows: changes over a base, or everything, and never what does not add up.
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/lib/json.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { assemble, type State } from '../../src/relay/sources/assembly.ts';
import type { Row } from '../../src/relay/sources/postgres-queries.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';

const before = sorted(snapshotOfBodies({ flags: { a: {}, b: {} }, segments: { staff: {} } }));
const after = sorted(snapshotOfBodies({ flags: { a: { enabled: false }, c: {} }, segments: { staff: {} } }));

function sorted(snapshot: Snapshot): Snapshot {
  const definitions = snapshot.definitions.toSorted((a, b) =>
    `${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1,
  );
  const { commit: _, ...rest } = snapshot;
  return { ...rest, definitions, entry: 7, entryHash: 'abc' };
}

function rowsOf({ definitions }: Snapshot, ...keys: string[]): Row[] {
  const wanted = definitions.filter(({ key }) => keys.length === 0 || keys.includes(key));
  return wanted.map(({ kind, key, body, digest, revision }) => ({
    kind,
    key,
    body: canonical(body),
    digest,
    revision,
  }));
}

function state(of: Snapshot, rows: Row[]): State {
  const { project, environment, revision, digest } = of;
  return {
    project,
    environment,
    rows,
    head: {
      revision,
      commit: null,
      digest,
      entry: 7,
      entryHash: 'abc',
      linkedHash: 'abc',
      witnessed: null,
      end: null,
    },
  };
}

const tombstone = (key: string): Row => ({ kind: 'flag', key, body: null, digest: null, revision: 7 });

describe('a snapshot', () => {
  it('is made of all rows, in whatever order they come', async () => {
    expect(await assemble(state(before, rowsOf(before).reverse()), undefined)).toEqual(before);
  });

  it('is made of the changed rows over the one before: an update, a new row and a tombstone', async () => {
    expect(await assemble(state(after, [...rowsOf(after, 'a', 'c'), tombstone('b')]), before)).toEqual(after);
  });

  it('keeps the very bodies of rows that did not change', async () => {
    const next = await assemble(state(after, [...rowsOf(after, 'a', 'c'), tombstone('b')]), before);
    const staff = (snapshot: Snapshot | undefined) =>
      snapshot?.definitions.find(({ key }) => key === 'staff');
    expect(staff(next)).toBe(staff(before));
  });

  it.each([
    ['a changed row is missing', [...rowsOf(after, 'c'), tombstone('b')], before],
    ['a tombstone is missing', rowsOf(after, 'a', 'c'), before],
    ['there is one row too many', [...rowsOf(after), ...rowsOf(before, 'b')], undefined],
    ['the base is another one', [tombstone('b')], before],
    [
      'a body is not what its digest says',
      rowsOf(after).map((row) => ({ ...row, body: `${row.body} ` })),
      undefined,
    ],
  ])('is not made where %s', async (_what, rows, base) => {
    expect(await assemble(state(after, rows), base)).toBeUndefined();
  });
});
