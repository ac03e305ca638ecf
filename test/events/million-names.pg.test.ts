// A million distinct names of events: each refused, and none of them kept, in a heap that could not hold them.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Collecting } from './collecting.ts';
import { KilledProcess } from './killed-process.ts';

const NAMES = 1_000_000;
const BATCH = 5_000;
const CALLERS = 4;
/** A byte each: together they are half as much again as the heap. */
const NAME_LENGTH = 100;
const HEAP_MEGABYTES = 64;

async function seriesOf(url: string): Promise<string[]> {
  const text = await fetch(`${url}/metrics`).then((answer) => answer.text());
  return (text.match(/^halyard_collector\S+/gm) ?? []).toSorted();
}

async function refusedOf(url: string, first: number): Promise<number> {
  const atMs = Date.now();
  const lines = Array.from({ length: BATCH }, (_, at) => {
    const event = `name-${first + at}`.padEnd(NAME_LENGTH, '-x');
    const common = { id: `i-${first + at}`, environment: 'prod', atMs, units: { targetingKey: 'u' } };
    return `${JSON.stringify({ ...common, type: 'track', event })}\n`;
  });
  const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
  const body = gzipSync(lines.join(''), { level: 1 });
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
  const { refused } = (await answer.json()) as { refused: { code: string }[] };
  return refused.filter(({ code }) => code === 'event').length;
}

test('a million distinct names leave no row, no series and no memory', async () => {
  await using collecting = await Collecting.create();
  const args = ['collect', '--database-url', collecting.database.url];
  await using collector = await KilledProcess.start(args, [`--max-old-space-size=${HEAP_MEGABYTES}`]);
  expect(await refusedOf(collector.url, 0)).toBe(BATCH);
  const before = { series: await seriesOf(collector.url), rows: await collecting.counted() };
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    let refused = 0;
    for (let at = BATCH * (1 + caller); at < NAMES; at += BATCH * CALLERS) {
      refused += await refusedOf(collector.url, at);
    }
    return refused;
  });
  const refused = await Promise.all(callers);
  expect(refused.reduce((sum, each) => sum + each, 0)).toBe(NAMES - BATCH);
  expect({ series: await seriesOf(collector.url), rows: await collecting.counted() }).toEqual(before);
});
