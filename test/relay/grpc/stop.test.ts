// A relay that stops loses no call: clients are told to go elsewhere, and what they have sent by then is answered.

import { Agent, request } from 'node:http';
import { connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { expect, it } from 'vitest';
import { createFolder } from '../folder.ts';
import { relay } from '../start.ts';
import { snapshotAt, until } from '../support.ts';
import { serve } from './serve.ts';

const PATH = '/flagd.evaluation.v2.Service/ResolveBoolean';
const ASKING = Buffer.from([0, 0, 0, 0, 7, 10, 5, ...Buffer.from('truth')]);

it('a call that is under way to the relay when this says that it stops is answered', async () => {
  await using server = await serve(snapshotAt(1, { flags: { truth: {} } }));
  const session = connect(server.url);
  const call = () => {
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.end(ASKING);
    stream.on('error', () => undefined);
    return new Promise<unknown>((resolve) => {
      stream.once('trailers', (trailers) => resolve(trailers['grpc-status']));
      stream.resume().once('close', () => resolve(stream.rstCode));
    });
  };
  expect(await call()).toBe('0');
  server.service.streams.close();
  // The word that it stops is on its way, and nothing of it has been read here.
  expect(await call()).toBe('0');
  session.destroy();
});

it('calls over HTTP/2 and HTTP/1.1 are answered until their client has heard of the stop', async () => {
  await using folder = await createFolder();
  await using served = await relay({ source: `directory:${folder.path}`, grpc: '127.0.0.1:0' });
  await served.ready;
  const url = served.grpcUrl as string;
  const failed: string[] = [];
  let answered = 0;

  /** Calls until it is told to go elsewhere, as gRPC's own clients do. */
  async function overHttp2(): Promise<void> {
    const session = connect(url);
    let isOver = false;
    session.on('goaway', () => {
      isOver = true;
    });
    session.on('error', (error) => failed.push(error.message));
    while (!isOver) {
      const status = await new Promise<unknown>((resolve) => {
        const stream = session.request({
          ':method': 'POST',
          ':path': PATH,
          'content-type': 'application/grpc',
          te: 'trailers',
        });
        let told: IncomingHttpHeaders = {};
        stream.on('trailers', (trailers) => {
          told = trailers;
        });
        stream.on('error', () => undefined);
        stream.resume().once('close', () => resolve(told['grpc-status'] ?? stream.rstCode));
        stream.end(ASKING);
      });
      if (status === '0') answered++;
      // Its own library had just heard of the stop, and has sent nothing: safe to send elsewhere (RFC 9113 §8.7).
      else if (status === constants.NGHTTP2_REFUSED_STREAM) isOver = true;
      else failed.push(`HTTP/2: ${status}`);
    }
    session.close();
  }

  /** Calls on one connection until an answer says that it is closed. */
  async function overHttp1(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { 'content-type': 'application/json' };
    for (let isOver = false; !isOver; ) {
      await new Promise<void>((resolve) => {
        const asked = request(`${url}${PATH}`, { method: 'POST', agent, headers }, (response) => {
          if (response.statusCode === 200) answered++;
          else failed.push(`HTTP/1.1: ${response.statusCode}`);
          isOver = response.headers.connection === 'close';
          response.resume().once('end', resolve);
        });
        asked.once('error', (error) => {
          failed.push(error.message);
          isOver = true;
          resolve();
        });
        asked.end('{"flagKey":"truth"}');
      });
    }
    agent.destroy();
  }

  const clients = [...Array.from({ length: 10 }, overHttp2), ...Array.from({ length: 10 }, overHttp1)];
  await until(() => answered > 500 || failed.length > 0, Boolean, 30_000);
  await served.stop();
  await Promise.all(clients);
  expect(failed).toEqual([]);
});
