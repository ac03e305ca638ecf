// Clients of a relay with workers hear of a change when each worker answers by it: what they ask then is asked of any of them.
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Swap } from '../../../src/relay/snapshot-store.ts';
import { Spread } from '../../../src/relay/workers/spread.ts';
import { until } from '../../support/until.ts';
import { createFolder, flagFile } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';

afterEach(() => void vi.useRealTimers());

const SLOW_SECOND = join(import.meta.dirname, 'slow-second.mjs');
const EVENTS = '/flagd.evaluation.v2.Service/EventStream';
const RESOLVE = '/flagd.evaluation.v2.Service/ResolveBoolean';

it('I7: who hears of a change finds it, whichever worker is asked', async () => {
  await using folder = await createFolder();
  await using relay = await RelayProcess.start({
    source: `directory:${folder.path}`,
    args: ['--workers', '2', '--grpc', '127.0.0.1:0'],
    environment: { NODE_OPTIONS: `--import=${SLOW_SECOND}` },
  });
  const isUp = ({ message }: { message?: unknown }) => message === 'a worker answers';
  await until(() => relay.lines.filter(isUp).length === 2, 30_000);
  const grpc = String(relay.lines.find(({ message }) => message === 'listening')?.grpc_url);
  const opened = new AbortController();
  const { signal } = opened;
  let heard = 0;
  const stream = (url: string, method: string, type: string, body: Buffer) => {
    const sent = request(url, { method, headers: { 'content-type': type }, signal });
    sent.on('error', () => undefined).end(body);
    return new Promise<void>((resolve) =>
      sent.on('response', (response) => {
        response
          .on('error', () => undefined)
          .on('data', (chunk) => {
            if (String(chunk).includes('truth')) heard++;
            resolve();
          });
      }),
    );
  };
  // Each of a connection of its own, so that both workers have some of each.
  for (let count = 0; count < 2; count++) {
    await stream(`${grpc}${EVENTS}`, 'POST', 'application/connect+json', Buffer.from('\0\0\0\0\x02{}'));
    await stream(`${relay.url}/v1/stream`, 'GET', 'text/plain', Buffer.alloc(0));
  }
  const lanes = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const ask = (agent: Agent) =>
    new Promise<unknown>((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const asked = request(`${grpc}${RESOLVE}`, { method: 'POST', agent, headers }, async (response) => {
        let text = '';
        for await (const part of response) text += part;
        resolve(JSON.parse(text).value);
      });
      asked.on('error', reject).end('{"flagKey":"truth"}');
    });
  const askAll = () => Promise.all(lanes.map(ask));
  expect(await askAll()).toEqual([true, true, true, true]);
  for (const [turn, serve] of (['off', 'on', 'off'] as const).entries()) {
    await folder.write({ 'checkout/truth.yaml': flagFile('truth', serve) });
    await until(() => heard > 4 * turn, 30_000);
    const is = serve === 'on';
    expect(await askAll()).toEqual([is, is, is, is]);
    await until(() => heard === 4 * turn + 4, 30_000);
  }
  for (const lane of lanes) lane.destroy();
  opened.abort();
  expect(await relay.stop()).toBe(0);
});

it('clients are told in the order of the swaps, and also where a worker has no time', () => {
  vi.useFakeTimers();
  let swap: (swap: Swap) => void = () => undefined;
  const spread = new Spread({
    onSwap: (listener) => {
      swap = listener;
      return () => undefined;
    },
  });
  const told: unknown[] = [];
  const forget = spread.onSwap(({ flags }) => told.push(...flags));
  const of = (flag: string) => ({ flags: [flag] }) as unknown as Swap;
  swap(of('a'));
  swap(of('b'));
  expect(told).toEqual([]);
  spread.complete();
  expect(told).toEqual(['a', 'b']);
  swap(of('c'));
  vi.advanceTimersByTime(999);
  expect(told).toEqual(['a', 'b']);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['a', 'b', 'c']);
  forget();
  swap(of('d'));
  spread.complete();
  expect(told).toEqual(['a', 'b', 'c']);
  expect(vi.getTimerCount()).toBe(0);
});
