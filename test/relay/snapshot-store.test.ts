// The store swaps whole snapshots, never back, and goes on answering while it compiles.
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import type { Bodies } from '../support/snapshot.ts';
import { snapshotAt } from './support.ts';

const on: Bodies = { flags: { a: {}, b: {} } };
const off: Bodies = { flags: { a: { fallthrough: { serve: 'off' } }, b: { fallthrough: { serve: 'off' } } } };

function withoutEntry(revision: number, bodies: Bodies): Snapshot {
  const { entry: _, entryHash: __, ...snapshot } = snapshotAt(revision, bodies);
  return snapshot;
}

function valuesOf(store: SnapshotStore): unknown[] {
  const { ruleset } = store.served ?? {};
  return ruleset ? ['a', 'b'].map((flag) => evaluate(ruleset, flag, {}, 0).value) : [];
}

describe('the snapshot store', () => {
  it.each([
    ['of an audited database', snapshotAt],
    ['without an audit', withoutEntry],
  ])('I7: an older revision never replaces a newer one (%s)', async (_what, at) => {
    const store = new SnapshotStore();
    await store.offer(at(5, on));
    expect(await store.offer(at(4, off))).toMatchObject({ type: 'refused' });
    expect(store.served?.snapshot.revision).toBe(5);
    expect(valuesOf(store)).toEqual([true, true]);
  });

  it('I7: of snapshots that are offered at once in any order, the newest is served at the end', async () => {
    for (const order of [
      [1, 2, 3],
      [3, 2, 1],
      [2, 3, 1],
      [3, 1, 2],
    ]) {
      const store = new SnapshotStore();
      const seen: number[] = [];
      store.onSwap(({ served }) => seen.push(served.snapshot.revision));
      await Promise.all(
        order.map((revision) => store.offer(snapshotAt(revision, revision === 3 ? on : off))),
      );
      expect(store.served?.snapshot.revision).toBe(3);
      expect(seen).toEqual([...seen].sort());
    }
  });

  it('I7: two flags that change together are never seen apart, while snapshots are swapped all the time', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`flag-${at}`, {}]));
    const store = new SnapshotStore();
    await store.offer(snapshotAt(1, on));
    let looks = 0;
    let done = false;
    const looking = (async () => {
      while (!done) {
        const [a, b] = valuesOf(store);
        expect(a).toBe(b);
        looks++;
        await new Promise(setImmediate);
      }
    })();
    for (let revision = 2; revision <= 6; revision++) {
      const { flags } = revision % 2 ? on : off;
      await store.offer(snapshotAt(revision, { flags: { ...flags, ...many } }));
      expect(valuesOf(store)).toEqual(revision % 2 ? [true, true] : [false, false]);
    }
    done = true;
    await looking;
    expect(looks).toBeGreaterThan(20);
  });

  it('a snapshot that does not compile is refused by name, and the old one stays', async () => {
    const store = new SnapshotStore();
    await store.offer(snapshotAt(1, on));
    const broken = snapshotAt(2, { flags: { a: { fallthrough: { serve: 'no-such' } } } });
    const verdict = await store.offer(broken);
    expect(verdict).toMatchObject({ type: 'refused', fault: { code: 'does-not-compile' } });
    expect(JSON.stringify(verdict)).toContain('`a`');
    expect(store.served?.snapshot.revision).toBe(1);
    expect(await store.offer(snapshotAt(3, off))).toEqual({ type: 'served' });
  });

  it.each([false, true])(
    'a snapshot of another environment or project is refused, --accept-rewind %s',
    async (acceptRewind) => {
      const store = new SnapshotStore({ acceptRewind });
      await store.offer(snapshotAt(1, on), { fromCache: true });
      for (const other of [{ environment: 'dev' }, { project: 'acme/other' }]) {
        const verdict = await store.offer({ ...snapshotAt(9, off), ...other });
        expect(verdict).toMatchObject({ type: 'refused', fault: { code: 'other-project' } });
      }
    },
  );

  it('what the disk cache gave is confirmed by the same snapshot from the source, without a swap', async () => {
    const store = new SnapshotStore();
    let swaps = 0;
    store.onSwap(() => swaps++);
    await store.offer(snapshotAt(3, on), { fromCache: true });
    expect(store.served?.fromCache).toBe(true);
    expect(await store.offer(snapshotAt(3, on))).toEqual({ type: 'same' });
    expect(store.served?.fromCache).toBe(false);
    expect(swaps).toBe(1);
  });
});

describe('the witness', () => {
  const rewound = { type: 'refused', fault: { code: 'rewound' } };
  const cases: [
    what: string,
    next: ReturnType<typeof snapshotAt>,
    witnessed: string | null | undefined,
    verdict: object,
  ][] = [
    ['a newer entry over the one served', snapshotAt(6, off), 'hash-of-5', { type: 'served' }],
    [
      'a newer entry, when nobody asked for the one served',
      snapshotAt(6, off),
      undefined,
      { type: 'served' },
    ],
    ['the same entry with another hash', { ...snapshotAt(5, off), entryHash: 'other' }, undefined, rewound],
    ['a newer entry in a chain without the one served', snapshotAt(6, off), null, rewound],
    [
      'a newer entry in a chain in which the one served has another hash',
      snapshotAt(6, off),
      'other',
      rewound,
    ],
    ['an older entry', snapshotAt(4, off), null, rewound],
    ['an older entry with a newer revision', { ...snapshotAt(4, off), revision: 9 }, null, rewound],
  ];
  it.each(cases)('judges %s', async (_what, next, witnessed, verdict) => {
    const store = new SnapshotStore();
    await store.offer(snapshotAt(5, on));
    expect(await store.offer(next, witnessed === undefined ? {} : { witnessed })).toMatchObject(verdict);
    expect(store.served?.snapshot.revision).toBe(verdict === rewound ? 5 : next.revision);
  });

  it('says what to do after a restore', async () => {
    const store = new SnapshotStore();
    await store.offer(snapshotAt(5, on));
    expect(JSON.stringify(await store.offer(snapshotAt(4, off)))).toContain('--accept-rewind');
  });

  it('accepts going back once, and only from the source, where that was asked for', async () => {
    const store = new SnapshotStore({ acceptRewind: true });
    await store.offer(snapshotAt(5, on), { fromCache: true });
    const went = await store.offer(snapshotAt(2, off), { witnessed: null });
    expect(went).toEqual({ type: 'served', rewoundFrom: 5 });
    expect(await store.offer(snapshotAt(1, on), { witnessed: null })).toMatchObject(rewound);
    expect(store.served?.snapshot.revision).toBe(2);
  });

  it('does not go back later, where the source at first confirmed what was served', async () => {
    const store = new SnapshotStore({ acceptRewind: true });
    await store.offer(snapshotAt(5, on), { fromCache: true });
    expect(await store.offer(snapshotAt(5, on))).toEqual({ type: 'same' });
    expect(await store.offer(snapshotAt(2, off), { witnessed: null })).toMatchObject(rewound);
  });
});
