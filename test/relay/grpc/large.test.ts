// Large messages: read at a pace that others do not feel, and bounded in what is kept of them.
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { Arrivals } from '../../../src/relay/grpc/arrivals.ts';
import type { Request } from '../../../src/relay/grpc/request.ts';
import { resolveAllInSteps } from '../../../src/relay/grpc/resolve.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { costly, snapshotAt, until } from '../support.ts';
import { serve } from './serve.ts';
import { asking, envelop, PATH } from './wire.ts';

it('I10: large messages wait for their turn, and are refused where too many do; small ones are answered', async () => {
  await using server = await serve(snapshotOfBodies({ flags: { plain: {} } }));
  // The server bounds what one connection may have.
  const sessions = Array.from({ length: 4 }, () => connect(server.url));
  const headers = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc', te: 'trailers' };
  const large = envelop(asking('plain', { a: Array.from({ length: 60_000 }, () => null) }));
  const small = envelop(asking('plain'));
  const told: { [size: string]: { [status: string]: number } } = { small: {}, large: {} };
  const pushedBack = new Set<unknown>();
  const ask = (body: Buffer, statuses: { [status: string]: number } = {}, session = sessions[0]) => {
    const stream = session?.request(headers);
    if (!stream) return;
    const hear = (head: IncomingHttpHeaders) => {
      const status = head['grpc-status'];
      if (typeof status === 'string') statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === '14') pushedBack.add(head['grpc-retry-pushback-ms']);
    };
    stream
      .on('error', () => undefined)
      .on('response', hear)
      .on('trailers', hear);
    stream.resume().end(body);
  };
  for (let count = 0; count < 60; count++) {
    ask(small, told.small);
    ask(large, told.large, sessions[count % 4]);
  }
  // Some are answered at once, more of them wait, and there is no place for the others.
  const isTold = (status: number, more = 0) => (told.large?.[status] ?? 0) > more;
  await until(() => told.small?.[0] === 60 && isTold(0) && isTold(14, 10), Boolean, 30_000);
  expect([...pushedBack]).toEqual(['1000']);
  await until(() => server.counters.refusedRequests.get('too_many') === told.large?.[14]);
  // Those that wait still, when their client goes, are nobody's any more.
  for (const session of sessions) session.destroy();
  await until(() => server.counters.requestsInFlight === 0);
  expect(server.lines()).toEqual([]);
});

it('I7: what is answered for a large message is of the snapshot with which it began, and counted, whatever comes meanwhile', async () => {
  await using server = await serve(snapshotAt(1, costly));
  const { core, store, counters } = server;
  store.onSwap(({ before }) => before && void counters.evaluations.catchUp(before.answers));
  const asked = { flagKey: '', context: costly.context };
  const answer = await resolveAllInSteps(core, store.served, asked, 'json', 15_000);
  await store.offer(snapshotAt(2, { flags: {} }));
  await counters.evaluations.catchUp();
  const enveloped = answer?.() ?? Buffer.alloc(0);
  const { flags, metadata } = JSON.parse(enveloped.subarray(5).toString()) as {
    flags: object;
    metadata: { revision: number };
  };
  expect(metadata.revision).toBe(1);
  expect(Object.keys(flags)).toHaveLength(60);
  await counters.evaluations.catchUp();
  expect([...counters.evaluations.all()].reduce((sum, { count }) => sum + count, 0)).toBe(60);
});

it('I10: what is kept of all bodies that have not arrived whole is bounded', () => {
  const counters = new Counters();
  const arrivals = new Arrivals(1_000, counters);
  const refused: string[] = [];
  const chunk = Buffer.alloc(250 * 1024);
  const receive = () => {
    const request = new PassThrough({ highWaterMark: 1 });
    arrivals.receive(
      request as unknown as Request,
      () => undefined,
      ({ code }) => refused.push(code),
    );
    request.emit('data', chunk);
    return request;
  };
  const requests = Array.from({ length: 66 }, receive);
  expect(refused).toEqual(['unavailable']);
  expect(counters.refusedRequests.get('too_many')).toBe(1);
  // One that ends or goes away leaves its place to another.
  requests[0]?.emit('end');
  requests[1]?.emit('close');
  receive();
  receive();
  expect(refused).toHaveLength(1);
  receive();
  expect(refused).toHaveLength(2);
  arrivals.close();
});
