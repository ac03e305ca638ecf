// Requests that are being received, by a clock that is turned by hand.
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { Arrivals } from '../../../src/relay/grpc/arrivals.ts';
import type { Request } from '../../../src/relay/grpc/request.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('I10: a request that does not arrive within 15 s is refused, and is in flight no more', () => {
  const counters = new Counters();
  const arrivals = new Arrivals(10, counters);
  const told: string[] = [];
  const receive = (name: string) => {
    const request = new PassThrough();
    arrivals.receive(
      request as unknown as Request,
      () => told.push(`${name} whole`),
      ({ code }) => told.push(`${name} ${code}`),
    );
    return request;
  };
  const slow = receive('slow');
  vi.advanceTimersByTime(10_000);
  receive('later');
  slow.write('x');
  vi.advanceTimersByTime(4_000);
  expect([told, counters.requestsInFlight]).toEqual([[], 2]);
  vi.advanceTimersByTime(3_000);
  expect([told, counters.requestsInFlight]).toEqual([['slow deadline_exceeded'], 1]);
  vi.advanceTimersByTime(10_000);
  expect([told, counters.requestsInFlight]).toEqual([
    ['slow deadline_exceeded', 'later deadline_exceeded'],
    0,
  ]);
  arrivals.close();
  expect(vi.getTimerCount()).toBe(0);
});
