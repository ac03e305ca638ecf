// kill -9 of real relays under load: what was acknowledged is delivered, whatever became of the process and the collector.
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { createFolder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';
import { refusing, TestCollector, taken } from './collector.ts';
import { experimentShop } from './shop.ts';
import { place, post } from './support.ts';

/** Clients that track and evaluate as fast as they are answered, until the relay is gone. */
class Load {
  readonly acknowledged: string[] = [];
  sent = 0;

  async run(url: string, clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, (_, client) => this.#client(url, client)));
  }

  async #client(url: string, client: number): Promise<void> {
    for (;;) {
      const ids = Array.from({ length: 3 }, () => `${client}-${this.sent++}`);
      const items = ids.map((id) => ({
        event: 'purchase',
        unit: `u${client}`,
        id,
        properties: { note: 'x'.repeat(60) },
      }));
      try {
        const response = await post(url, '/v1/track', items);
        if (response.status === 202) this.acknowledged.push(...ids);
        await response.arrayBuffer();
        await post(url, '/v1/evaluate/each', { context: { targetingKey: `u${this.sent}` } });
      } catch {
        return;
      }
    }
  }
}

/** Each second delivery is refused, and some answers are lost: the collector has taken those. */
function unreliable(onDelivery: () => unknown): TestCollector['answer'] {
  let calls = 0;
  return (events, response, request) => {
    onDelivery();
    calls++;
    if (calls % 2 === 0) return refusing(503, { 'retry-after': '0' })(events, response, request);
    if (calls % 3 !== 0) return taken(events, response);
    response.destroy();
    return true;
  };
}

it('of a relay that is killed again and again under load, every event that was acknowledged is delivered', async () => {
  await using folder = await createFolder(experimentShop);
  await using spool = await place();
  let onDelivery: () => unknown = () => undefined;
  await using collector = await TestCollector.start(unreliable(() => onDelivery()));
  const load = new Load();
  const run = {
    source: `directory:${folder.path}`,
    args: ['--collector', collector.url, '--spool', spool.path],
  };
  for (let round = 1; round <= 4; round++) {
    await using relay = await RelayProcess.start(run);
    const before = load.acknowledged.length;
    const loading = load.run(relay.url, 8);
    await until(() => load.acknowledged.length >= before + 150 * round);
    // In the middle of a delivery, or at any moment.
    if (round % 2 === 1)
      await new Promise((resolve) => {
        onDelivery = () => resolve(undefined);
      });
    relay.signal('SIGKILL');
    await loading;
  }
  collector.answer = taken;
  await using last = await RelayProcess.start(run);
  await until(() => load.acknowledged.every((id) => collector.ids.has(id)), 30_000).catch(() => undefined);
  const { ids } = collector;
  expect(load.acknowledged.length).toBeGreaterThan(1_000);
  expect(load.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(collector.tracks.filter(({ units }) => !units.targetingKey?.startsWith('u'))).toEqual([]);
  await last.stop();
});

it('with workers, what a killed one had is delivered by the others, and metrics and status tell of all', async () => {
  await using folder = await createFolder(experimentShop);
  await using spool = await place();
  await using collector = await TestCollector.start(refusing(503));
  const load = new Load();
  await using relay = await RelayProcess.start({
    source: `directory:${folder.path}`,
    args: ['--collector', collector.url, '--spool', spool.path, '--workers', '2'],
  });
  const workers = () =>
    relay.lines.filter(({ message }) => message === 'a worker answers').map(({ pid }) => Number(pid));
  await until(() => workers().length === 2, 30_000);
  const { url } = relay;
  // A client whose worker is killed goes on with another.
  let isOver = false;
  const clients = Array.from({ length: 8 }, async (_, client) => {
    for (let at = 0; !isOver; at++) {
      const id = `${client}-${at}`;
      const response = await post(
        url,
        '/v1/track',
        { event: 'purchase', unit: 'u', id },
        { connection: 'close' },
      ).catch(() => undefined);
      if (response?.status === 202) load.acknowledged.push(id);
      await response?.arrayBuffer().catch(() => undefined);
    }
  });
  await until(() => load.acknowledged.length > 200);
  process.kill(workers()[0] as number, 'SIGKILL');
  const then = load.acknowledged.length;
  await until(() => load.acknowledged.length > then + 200 && workers().length === 3);
  isOver = true;
  await Promise.all(clients);
  await until(async () => (await relay.metric('halyard_events_delivery_up')) === 0);
  collector.answer = taken;
  await until(() => load.acknowledged.every((id) => collector.ids.has(id)), 40_000).catch(() => undefined);
  const { ids } = collector;
  expect(load.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  await until(async () => (await relay.metric('halyard_events_delivered_total')) === collector.events.length);
  const status = (await (await fetch(`${url}/v1/status`)).json()) as {
    events: { delivered: number; oldestMs?: number };
  };
  expect(status.events.delivered).toBe(collector.events.length);
  expect(await relay.stop()).toBe(0);
});
