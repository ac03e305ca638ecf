// Fuzzed requests: none is answered 500, each answer is one that the contract allows, and nothing is left of them.
import { expect, it } from 'vitest';
import { serve, until } from '../support.ts';
import { fuzz } from './fuzz.ts';
import { fuzzSnapshot } from './fuzz-snapshot.ts';

/** `npm run fuzz -- 100000` sends many more, from a seed that it names. */
const REQUESTS = 2_000;

it.each([1, 2])('I3: requests of the seed %i are answered as the contract says', async (seed) => {
  await using server = await serve(fuzzSnapshot, { refusalsAtOnce: 1e9 });
  const { requests, byStatus, failure } = await fuzz(server.url, seed, REQUESTS);
  expect(failure && { faults: failure.faults, request: failure.bytes.toString('latin1') }).toBeUndefined();
  expect(server.lines().filter((line) => line.includes('request failed'))).toEqual([]);
  expect(requests).toBeGreaterThanOrEqual(REQUESTS);
  // It asks for what can be answered, too.
  expect([...byStatus.keys()]).toEqual(expect.arrayContaining([200, 400, 403, 404, 405, 413, 414, 415, 417]));
  await until(() => server.counters.requestsInFlight === 0);
  expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
});
