// Delivery: again and again until the collector has taken a batch, whatever it answers; what it refuses is counted.
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { refusing, TestCollector, taken, takenBut } from './collector.ts';
import { place, type Told, told } from './support.ts';

const track = (shop: Told, ...ids: string[]) =>
  shop.post(
    '/v1/track',
    ids.map((id) => ({ event: 'purchase', unit: 'u', id })),
  );

describe.concurrent('what the collector answers', () => {
  it.each<[status: number, code: string]>([
    [401, 'token'],
    [503, 'busy'],
    [400, 'answer'],
    [302, 'answer'],
  ])('%i is said as %s, and the events are delivered when it is mended', async (status, code) => {
    await using shop = await told({}, refusing(status, { location: 'http://127.0.0.1:9/' }));
    await track(shop, 'one', 'two');
    await until(() => shop.status().delivery.state === 'faulty');
    expect(shop.status()).toMatchObject({
      delivered: 0,
      oldestMs: expect.any(Number),
      delivery: { state: 'faulty', lastError: { code, message: expect.stringContaining(String(status)) } },
    });
    shop.collector.answer = taken;
    await until(() => shop.status().delivered === 2);
    expect([...shop.collector.ids].sort()).toEqual(['one', 'two']);
    expect(shop.status()).toMatchObject({ bufferBytes: 0, delivery: { state: 'well' } });
    expect(shop.status().oldestMs).toBeUndefined();
    const said = shop.relay.lines().filter((line) => /events are (not )?delivered/.test(line));
    expect(said).toHaveLength(2);
  });

  it('a batch of which it refuses some by index is delivered, and those are counted', async () => {
    const refused = [{ index: 1, code: 'experiment' }, { index: 2 }];
    await using shop = await told({}, takenBut(refused));
    await track(shop, 'a', 'b', 'c');
    await until(() => shop.status().delivered === 1);
    expect(shop.status()).toMatchObject({
      refused: { experiment: 1, other: 1 },
      bufferBytes: 0,
      delivery: { state: 'well' },
    });
  });

  it('a page of somebody else, with status 200, has taken nothing', async () => {
    await using shop = await told({}, (_events, response) => {
      response.writeHead(200).end('<html>Log in</html>');
      return false;
    });
    await track(shop, 'a');
    await until(() => shop.status().delivery.lastError?.code === 'answer');
    expect(shop.status().delivered).toBe(0);
    shop.collector.answer = taken;
    await until(() => shop.status().delivered === 1);
    expect(shop.collector.ids).toEqual(new Set(['a']));
  });

  it('of words for what it refuses few are counted, however many it has', async () => {
    let calls = 0;
    await using shop = await told({}, (events, response) => {
      const letter = String.fromCharCode(97 + calls++);
      return takenBut(events.map((_, index) => ({ index, code: `${letter}-${'z'.repeat(index)}` })))(
        events,
        response,
      );
    });
    for (let call = 1; call <= 3; call++) {
      await track(shop, ...Array.from({ length: 15 }, (_, at) => `${call}-${at}`));
      await until(
        () => Object.values(shop.status().refused).reduce((sum, events) => sum + events, 0) === 15 * call,
      );
    }
    const { refused } = shop.status();
    expect([Object.keys(refused).length, refused.other]).toEqual([21, 25]);
  });

  it('413 has it sent in halves; an event that is too large by itself is given up, and counted', async () => {
    await using shop = await told({}, (events, response, request) => {
      const isTooLarge = events.length > 2 || events.some(({ id }) => id === 'huge');
      return isTooLarge ? refusing(413)(events, response, request) : taken(events, response);
    });
    await track(shop, 'a', 'b', 'c', 'huge', 'd', 'e', 'f');
    await until(() => shop.status().refused['too-large'] === 1 && shop.status().delivered === 6);
    expect(shop.collector.events.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('Retry-After is waited for', async () => {
    const askedAtMs: number[] = [];
    await using shop = await told({}, (events, response, request) => {
      askedAtMs.push(performance.now());
      if (askedAtMs.length > 1) return taken(events, response);
      return refusing(429, { 'retry-after': '1' })(events, response, request);
    });
    await track(shop, 'a');
    await until(() => shop.status().delivered === 1);
    expect((askedAtMs[1] as number) - (askedAtMs[0] as number)).toBeGreaterThanOrEqual(990);
  });
});

describe.concurrent('a collector', () => {
  it('that is down is tried again, and gets everything once it is up', async () => {
    const reserved = await TestCollector.start();
    const { port } = reserved;
    await reserved[Symbol.asyncDispose]();
    await using shop = await told({ collector: `http://127.0.0.1:${port}/` });
    await track(shop, 'a', 'b');
    await until(() => shop.status().delivery.lastError?.code === 'http');
    await track(shop, 'c');
    await using collector = await TestCollector.start(taken, port);
    await until(() => shop.status().delivered === 3);
    expect([...collector.ids].sort()).toEqual(['a', 'b', 'c']);
  });

  it('that is slow has one request under way, and evaluations do not wait for it', async () => {
    const release = Promise.withResolvers<void>();
    await using shop = await told({}, async (events, response) => {
      await release.promise;
      return taken(events, response);
    });
    await track(shop, 'a');
    await until(() => shop.collector.underWay === 1);
    for (let unit = 0; unit < 200; unit++) await shop.relay.evaluate('each', { targetingKey: `u${unit}` });
    expect([shop.collector.requests, shop.status().delivered]).toEqual([1, 0]);
    release.resolve();
    await until(() => shop.status().delivered === 201);
    expect(shop.collector.mostUnderWay).toBe(1);
  });

  it('that cuts connections off gets the batch again, with the same ids', async () => {
    let cut = 0;
    await using shop = await told({}, (events, response) => {
      if (cut++ > 0) return taken(events, response);
      // It has taken them, and the answer is lost.
      response.destroy();
      return true;
    });
    await shop.post('/v1/track', { event: 'purchase', unit: 'u' });
    await until(() => shop.status().delivered === 1);
    expect([shop.collector.events.length, shop.collector.ids.size]).toEqual([2, 1]);
  });

  it('gets the token, also one that came since, and no log or status has it', async () => {
    await using files = await place();
    const collectorTokenFile = await files.file('token', '# of the collector\nold-secret\n');
    await using shop = await told({ collectorTokenFile }, (events, response, request) => {
      if (request.headers.authorization === 'Bearer new-secret') return taken(events, response);
      return refusing(401)(events, response, request);
    });
    await track(shop, 'a');
    await until(() => shop.status().delivery.lastError?.code === 'token');
    await files.file('token', 'new-secret\n');
    await until(() => shop.status().delivered === 1);
    for (const text of [...shop.relay.lines(), JSON.stringify(shop.relay.status())]) {
      expect(text).not.toMatch(/(old|new)-secret/);
    }
  });
});

describe.concurrent('without a spool', () => {
  it('what finds no room is refused with 503 and counted; flags are answered all the same', async () => {
    await using shop = await told({}, refusing(503));
    const items = Array.from({ length: 500 }, (_, at) => ({
      event: 'purchase',
      unit: `u${at}`,
      properties: { note: 'x'.repeat(400) },
    }));
    let full: Response | undefined;
    for (let calls = 0; calls < 100 && !full; calls++) {
      const response = await shop.post('/v1/track', items);
      if (response.status === 503) full = response;
      else expect(await response.json()).toEqual({ accepted: 500 });
    }
    expect([full?.headers.get('retry-after'), await full?.json()]).toEqual([
      '5',
      { errorCode: 'GENERAL', errorDetails: expect.stringContaining('no room') },
    ]);
    const { accepted, dropped, bufferBytes } = shop.status();
    expect(dropped).toEqual({ full: 500 });
    expect(bufferBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    const answer = await shop.relay.evaluate('layout', { targetingKey: 'u' });
    expect(answer.reason).toBe('SPLIT');
    shop.collector.answer = taken;
    await until(() => shop.status().delivered >= (accepted.track as number));
    expect(shop.collector.events.length).toBe((accepted.track as number) + shop.collector.exposures.length);
  });

  it('what is not delivered when the relay stops is dropped, counted and said', async () => {
    await using shop = await told({}, refusing(503));
    await track(shop, 'a', 'b', 'c');
    await shop.relay.stop();
    expect(shop.status()).toMatchObject({ dropped: { stopped: 3 } });
    const said = shop.relay.lines().find((line) => line.includes('events are dropped'));
    expect(JSON.parse(said ?? '{}')).toMatchObject({ events: 3 });
  });

  it('stops in time beside a collector that takes connections and never answers', async () => {
    const hole = createServer((socket) => socket.resume().on('error', () => socket.destroy()));
    await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const { port } = hole.address() as { port: number };
    await using shop = await told({ collector: `http://127.0.0.1:${port}` });
    await track(shop, 'a');
    await shop.relay.stop();
    expect(shop.status().dropped).toEqual({ stopped: 1 });
    hole.close();
  });

  it('what waits is delivered when the relay stops', async () => {
    await using shop = await told();
    await track(shop, 'a', 'b', 'c');
    await shop.relay.evaluate('layout', { targetingKey: 'u' });
    await shop.relay.stop();
    expect([shop.collector.events.length, shop.status().dropped]).toEqual([4, {}]);
  });
});
