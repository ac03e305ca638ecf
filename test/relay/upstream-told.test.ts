// What another relay tells of itself: what its audit chain holds, and how fresh its answers are.
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { SourceNews } from '../../src/relay/source.ts';
import { followed, pretend } from './pretended.ts';
import { snapshotAt, until } from './support.ts';

const good = snapshotAt(3, { flags: { a: {} } });

describe.concurrent('the chain that another relay tells of', () => {
  const witness = { entry: 2, hash: 'seen' };
  const newer = snapshotAt(4, { flags: { a: {}, b: {} } });
  const fresh = { 'halyard-age': '0', 'halyard-witness': '9 its-end' };
  const ours = { ...fresh, 'halyard-witnessed': 'seen' };
  const another = { ...fresh, 'halyard-witnessed': 'another' };

  /** What is said after each of several states of the other relay, which come one after the other. */
  async function told(...states: { snapshot: Snapshot; headers: Record<string, string> }[]) {
    let state = states[0] as (typeof states)[number];
    await using upstream = await pretend((request, response) => {
      const etag = `"${state.snapshot.revision}"`;
      const status = request.headers['if-none-match'] === etag ? 304 : 200;
      response.writeHead(status, { ...state.headers, etag });
      response.end(status === 304 ? undefined : JSON.stringify(state.snapshot));
    });
    await using served = followed(upstream.url, { witness });
    const all: SourceNews[][] = [];
    for (const next of states) {
      state = next;
      const before = served.news.length;
      // Two answers may be on their way yet.
      await until(() => served.news.length >= before + 4);
      all.push(served.news.slice(before + 2));
    }
    return all;
  }

  it('is taken no news from while it does not tell whether it holds what was seen', async () => {
    const [, untold = [], stale = []] = await told(
      { snapshot: good, headers: ours },
      { snapshot: newer, headers: fresh },
      { snapshot: newer, headers: { ...fresh, 'halyard-stale': 'postgres' } },
    );
    const faults = (news: SourceNews[]) => news.map((one) => one.type === 'fault' && one.fault.code);
    expect(new Set(faults(untold))).toEqual(new Set(['unproven']));
    expect(new Set(faults(stale))).toEqual(new Set(['upstream-stale']));
  });

  it('stays refused where it was another one and that can no longer be told', async () => {
    const [refused = [], untold = []] = await told(
      { snapshot: good, headers: another },
      { snapshot: good, headers: fresh },
    );
    expect(refused.every((one) => one.type === 'current' && one.end === undefined)).toBe(true);
    expect(untold.every((one) => one.type === 'current' && one.end === undefined)).toBe(true);
  });

  it('goes on where that is told, and not where it is not', async () => {
    const [proven = [], untold = []] = await told(
      { snapshot: good, headers: ours },
      { snapshot: good, headers: fresh },
    );
    expect(proven.at(-1)).toMatchObject({ type: 'current', end: { entry: 9 } });
    expect(untold.every((one) => one.type === 'current' && one.end === undefined)).toBe(true);
  });

  it('may lack for a moment what was seen of it: of several relays one is the last to know', async () => {
    const [, behind = []] = await told(
      { snapshot: newer, headers: ours },
      { snapshot: good, headers: { 'halyard-age': '0', 'halyard-witness': '1 before' } },
    );
    expect(behind[0]).toMatchObject({ type: 'fault', fault: { code: 'behind' } });
  });
});

describe.concurrent('how fresh another relay says that it is', () => {
  const FRESH: [headers: Record<string, string>, ageMs: number | undefined, code: string | undefined][] = [
    [{ 'halyard-age': '40' }, 40, undefined],
    [{ 'halyard-age': '40', age: '60' }, 60_040, undefined],
    [{ 'halyard-age': '40', 'halyard-stale': 'postgres' }, 40, 'upstream-stale'],
    [{ 'halyard-stale': 'unconfirmed' }, undefined, 'upstream-stale'],
    [{ 'halyard-age': 'soon' }, undefined, 'answer'],
    [{}, undefined, 'answer'],
  ];
  it.each(FRESH)(
    'is believed where it says so, and with what a cache in between adds: %j',
    async (...row) => {
      const [headers, ageMs, code] = row;
      await using upstream = await pretend((_, response) => {
        response.writeHead(200, headers).end(JSON.stringify(good));
      });
      await using served = followed(upstream.url);
      const [first] = await until(
        () => served.news,
        (news) => news.length > 0,
      );
      expect(first).toMatchObject({ type: 'snapshot', snapshot: { revision: 3 } });
      const { freshness } = first as SourceNews & { type: 'snapshot' };
      expect([freshness?.ageMs, freshness?.fault?.code]).toEqual([ageMs, code]);
    },
  );
});
