// Ids of events: UUIDs of version 7.
import { expect, it } from 'vitest';
import { newId } from '../../../src/relay/events/ids.ts';

it('begin with the time, and are of version 7 and the variant of RFC 9562', () => {
  // The time of RFC 9562, appendix A.6.
  const id = newId(0x017f22e279b0);
  expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('differ within a millisecond, and sort by time across milliseconds', () => {
  const now = Date.parse('2026-11-21T00:00:00Z');
  const ids = Array.from({ length: 10_000 }, (_, at) => newId(now + Math.floor(at / 100)));
  expect(new Set(ids).size).toBe(10_000);
  const times = ids.map((id) => id.slice(0, 13));
  expect(times).toEqual(times.toSorted());
});
