// What of a snapshot crosses from the primary process to a worker, and what the worker makes of it.
import { describe, expect, it } from 'vitest';
import { compareRows, type Snapshot } from '../../../src/model/snapshot.ts';
import type { ToWorker } from '../../../src/relay/workers/messages.ts';
import { SnapshotReader, sendSnapshot } from '../../../src/relay/workers/snapshot-wire.ts';
import type { Bodies } from '../../support/snapshot.ts';
import { snapshotAt as rowsInAnyOrder } from '../support.ts';

type Flags = NonNullable<Bodies['flags']>;

/** As every source gives it. */
function snapshotAt(revision: number, bodies: Bodies): Snapshot {
  const snapshot = rowsInAnyOrder(revision, bodies);
  return { ...snapshot, definitions: snapshot.definitions.toSorted(compareRows) };
}

const many: Flags = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, at) => [`flag-${at}`, { description: `the ${at}th` }]),
);

/** What is sent from one snapshot to the next, as it comes out of a channel. */
async function sent(base: Snapshot | undefined, next: Snapshot): Promise<ToWorker[]> {
  const messages: ToWorker[] = [];
  await sendSnapshot(base, next, false, async (message) => void messages.push(message));
  return JSON.parse(JSON.stringify(messages)) as ToWorker[];
}

async function read(reader: SnapshotReader, messages: readonly ToWorker[]): Promise<Snapshot | undefined> {
  let snapshot: Snapshot | undefined;
  for (const message of messages) {
    if (message.type === 'rows') reader.add(message.rows);
    if (message.type === 'snapshot') snapshot = await reader.end(message.head, message.removed);
  }
  return snapshot;
}

const rowsOf = (messages: readonly ToWorker[]) =>
  messages.flatMap((message) => (message.type === 'rows' ? message.rows.map(({ key }) => key) : []));

describe('a snapshot on its way to a worker', () => {
  it('comes whole at first, in slices, and then only what changed of it', async () => {
    const { 'flag-7': _gone, ...rest } = many;
    const first = snapshotAt(1, { flags: many });
    const second = snapshotAt(2, {
      flags: { ...rest, 'flag-8': { description: 'another' }, 'flag-new': {} },
    });
    const reader = new SnapshotReader();
    const whole = await sent(undefined, first);
    expect(whole.length).toBeGreaterThan(5);
    expect(await read(reader, whole)).toEqual(first);
    const changes = await sent(first, second);
    expect(rowsOf(changes).sort()).toEqual(['flag-8', 'flag-new']);
    expect(JSON.stringify(changes).length).toBeLessThan(2_000);
    expect(await read(reader, changes)).toEqual(second);
  });

  it('that differs in its head alone sends no row', async () => {
    const first = snapshotAt(1, { flags: many });
    const next = { ...first, commit: 'c'.repeat(40), entry: 9, entryHash: 'hash-of-9' };
    const reader = new SnapshotReader();
    await read(reader, await sent(undefined, first));
    const changes = await sent(first, next);
    expect(rowsOf(changes)).toEqual([]);
    expect(await read(reader, changes)).toEqual(next);
  });

  it.each([
    ['a row is missing', (messages: ToWorker[]) => messages.slice(1)],
    [
      'a row that is gone is not named',
      (messages: ToWorker[]) =>
        messages.map((message) => (message.type === 'snapshot' ? { ...message, removed: [] } : message)),
    ],
  ])('is not taken where %s', async (_what, damage) => {
    const first = snapshotAt(1, { flags: { a: {}, b: {} } });
    const second = snapshotAt(2, { flags: { b: { description: 'another' } } });
    const reader = new SnapshotReader();
    await read(reader, await sent(undefined, first));
    await expect(read(reader, damage(await sent(first, second)))).rejects.toThrow(
      'what came of revision 2 does not add up to it',
    );
  });
});
