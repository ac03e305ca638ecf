// Garbage on the port of flagd's protocol: frames of HTTP/2 that are none, messages of Protobuf that are none, JSON of any kind.
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { createFolder } from '../folder.ts';
import { anyBody } from '../http/fuzz-json.ts';
import { Chance } from '../http/fuzz-random.ts';
import { stirred } from '../http/fuzz-stir.ts';
import { relay } from '../start.ts';
import { until } from '../support.ts';

const PER_SEED = 600;
const METHODS = [
  'ResolveBoolean',
  'ResolveString',
  'ResolveFloat',
  'ResolveInt',
  'ResolveObject',
  'ResolveAll',
  'EventStream',
  'No',
];
const TYPES = [
  'application/grpc',
  'application/grpc+proto',
  'application/grpc-web',
  'application/proto',
  'application/json',
  'text/plain',
];
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

function noise(chance: Chance, most: number): Buffer {
  return Buffer.from(Array.from({ length: chance.below(most) }, () => chance.below(256)));
}

function frames(chance: Chance): Buffer {
  const any = () => frame(chance.below(12), chance.below(256), chance.below(8), noise(chance, 60));
  return Buffer.concat([
    PREFACE,
    frame(4, 0, 0, Buffer.alloc(0)),
    ...Array.from({ length: chance.below(12) }, any),
  ]);
}

/** HTTP/1.1, as Connect and gRPC-Web have it; the body may be a message of its length, or say so. */
function call(chance: Chance): Buffer {
  const type = chance.of(TYPES);
  const message = type.endsWith('json') ? Buffer.from(anyBody(chance)) : noise(chance, 200);
  const length = Buffer.alloc(5);
  length.writeUInt32BE(chance.once(4) ? chance.below(2 ** 31) : message.length, 1);
  const body = chance.once(2) ? Buffer.concat([length, message]) : message;
  const path = `/flagd.evaluation.v${1 + chance.below(2)}.Service/${chance.of(METHODS)}`;
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** Sends bytes and says that these were all; resolves when the connection is closed. */
function send(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    // A stream of events goes on until its client goes.
    socket.setTimeout(200, () => socket.destroy());
    socket.resume().on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

it.each([1, 2])(
  'I3: garbage of the seed %i brings nothing down, fails no call of ours, and leaves nothing',
  async (seed) => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}`, grpc: '127.0.0.1:0' });
    await served.ready;
    const port = Number(new URL(served.grpcUrl ?? '').port);
    const chance = new Chance(seed);
    let sent = 0;
    const worker = async () => {
      while (sent++ < PER_SEED) {
        const bytes = chance.once(2) ? frames(chance) : call(chance);
        await send(port, chance.once(3) ? stirred(chance, bytes) : bytes);
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect(served.lines().filter((line) => line.includes('call failed'))).toEqual([]);
    const resolve = await fetch(`http://127.0.0.1:${port}/flagd.evaluation.v2.Service/ResolveBoolean`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"flagKey":"truth","context":{}}',
    });
    expect(await resolve.json()).toMatchObject({ value: true });
    const metrics = async () => (await fetch(`${served.url}/metrics`)).text();
    await until(async () => /halyard_requests_in_flight 0\n/.test(await metrics()), Boolean, 30_000);
  },
);
