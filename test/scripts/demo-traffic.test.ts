// The synthetic users of `npm run demo:traffic`: what they do has the effect that is printed, and they wait when told to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { App } from '../../scripts/demo-traffic/app.ts';
import { shopper, TRUTH, type Tracked } from '../../scripts/demo-traffic/shoppers.ts';
import { sendTraffic } from '../../scripts/demo-traffic/traffic.ts';

const COUNT = 30_000;
const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const everyone = Array.from({ length: COUNT }, (_, number) => shopper(1, number));

/** Of all shoppers: how many did it, and the mean amount. */
function did(all: readonly Tracked[][]) {
  const events = all.flat();
  const count = (name: string) => events.filter(({ event }) => event === name).length;
  const amounts = events.flatMap(({ properties }) => properties?.amount ?? []);
  return {
    purchases: count('purchase') / COUNT,
    errors: count('checkout-error') / count('checkout-started'),
    amount: amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length,
  };
}

test.each([
  ['three steps', false, 0],
  ['the single page', true, 1],
])('with %s, rates are those that are printed', (_, onSinglePage, factor) => {
  const { purchases, errors, amount } = did(everyone.map(({ after }) => after(onSinglePage)));
  const { purchase, 'checkout-error': error, 'order-value': value } = TRUTH;
  // Four standard errors.
  expect(Math.abs(purchases - purchase.baseline * (1 + factor * purchase.lift))).toBeLessThan(0.01);
  expect(Math.abs(errors - error.baseline * (1 + factor * error.lift))).toBeLessThan(0.013);
  expect(Math.abs(amount - value.baseline)).toBeLessThan(1.5);
});

test('everyone did something before, at the rates of the baseline, in the two weeks before, and it says something of what they do next', () => {
  const before = everyone.map((each) => each.before(NOW_MS));
  expect(before.filter(({ length }) => length > 0)).toHaveLength(COUNT);
  expect(Math.abs(did(before).purchases - TRUTH.purchase.baseline)).toBeLessThan(0.01);
  const ages = before.flat().map(({ at }) => (NOW_MS - Date.parse(at as string)) / 86_400_000);
  expect(Math.min(...ages)).toBeGreaterThan(0);
  expect(Math.max(...ages)).toBeLessThan(14);
  const buys = (events: Tracked[]) => events.some(({ event }) => event === 'purchase');
  const again = everyone.filter(({ after }, i) => buys(before[i] ?? []) && buys(after(false))).length;
  expect(again / COUNT).toBeGreaterThan(2 * TRUTH.purchase.baseline ** 2);
});

test('the same seed makes the same users, whatever is asked first, and another one others', () => {
  const [one, same, other] = [shopper(3, 7), shopper(3, 7), shopper(4, 7)];
  const [after, before] = [one.after(true), one.before(NOW_MS)];
  expect([same.before(NOW_MS), same.after(true), same.context]).toEqual([before, after, one.context]);
  expect(other.context.targetingKey).not.toBe(one.context.targetingKey);
});

test('no two events have the same id', () => {
  const ids = everyone
    .slice(0, 5_000)
    .flatMap((each) => [...each.before(NOW_MS), ...each.after(true)])
    .map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

/** A relay that refuses every third request with a status, and counts what it took. */
async function busyRelay(status: number, experiment: string) {
  let requests = 0;
  const taken: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    requests += 1;
    if (requests % 3 === 0) return void response.writeHead(status, { 'retry-after': '0.01' }).end();
    if (request.url === '/v1/track') taken.push(...(JSON.parse(body) as Tracked[]).map(({ id }) => id));
    response.end(JSON.stringify({ value: true, metadata: { environment: 'dev', experiment, arm: 'on' } }));
  }).listen(0, '127.0.0.1');
  await new Promise((listens) => server.once('listening', listens));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, taken, [Symbol.dispose]: () => server.close().closeAllConnections() };
}

test.each([429, 503])(
  'a relay that answers %d is asked again, and nothing is left out or told twice',
  async (status) => {
    using relay = await busyRelay(status, 'page-layout');
    const app = new App(relay.url);
    const sent = await sendTraffic(app, { users: 120, seed: 1 }, () => {});
    expect(app.waited).toBeGreaterThan(10);
    expect(sent).toMatchObject({ users: 120, arms: new Map([['on', 120]]) });
    const expected = everyone
      .slice(0, 120)
      .flatMap((each) => [...each.before(Date.now()), ...each.after(true)]);
    expect(relay.taken.toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
  },
);

test('where the experiment does not run, it says so and stops', async () => {
  using relay = await busyRelay(429, 'another');
  const traffic = sendTraffic(new App(relay.url), { users: 120, seed: 1 }, () => {});
  await expect(traffic).rejects.toThrow('nobody takes part in page-layout in dev');
});

test('where no relay answers, it says what to start', async () => {
  const { url } = await busyRelay(429, '').then((relay) => {
    relay[Symbol.dispose]();
    return relay;
  });
  await expect(sendTraffic(new App(url), { users: 1, seed: 1 }, () => {})).rejects.toThrow('npm start');
});
