// A server that speaks enough of git's protocol 2 to be fetched from, and then does whatever a test wants.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import { makeCertificate } from './git-https-server.ts';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface HostileServer extends AsyncDisposable {
  url: string;
  certificateFile: string;
  /** What was asked for: `GET /info/refs`, say, with the Authorization header if there was one. */
  requests: string[];
}

export const HEAD = 'c0ffee'.repeat(6).padEnd(40, '0');

/** @param answers replaces what an honest server says to one of the three questions of a fetch */
export async function serveHostile(
  folder: string,
  answers: { advertisement?: Answer; refs?: Answer; pack?: Answer },
): Promise<HostileServer> {
  const { key, certificate, certificateFile } = makeCertificate(folder);
  const requests: string[] = [];
  const server = createServer({ key, cert: certificate }, (request, response) => {
    requests.push([request.method, request.url, request.headers.authorization].filter(Boolean).join(' '));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = Buffer.concat(chunks).toString('latin1');
      if (request.method === 'GET') (answers.advertisement ?? advertise)(response, request);
      else if (asked.includes('command=ls-refs')) (answers.refs ?? listRefs)(response, request);
      else (answers.pack ?? hangUp)(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/repository`,
    certificateFile,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A line of git's protocol: its length in four hex digits, itself included. */
export function line(content: string | Buffer): Buffer {
  const body = Buffer.from(content as string);
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, '0')), body]);
}

const FLUSH = Buffer.from('0000');

const advertise: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
  const lines = [
    '# service=git-upload-pack\n',
    null,
    'version 2\n',
    'agent=hostile\n',
    'ls-refs\n',
    'fetch=shallow filter\n',
    null,
  ];
  response.end(Buffer.concat(lines.map((text) => (text === null ? FLUSH : line(text)))));
};

const listRefs: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
  response.end(Buffer.concat([line(`${HEAD} refs/heads/main\n`), FLUSH]));
};

const hangUp: Answer = (response) => response.destroy();

/** Begins the answer to a fetch, and resolves to what sends the pack's bytes (1) or messages (2), as fast as they are taken. */
export function beginPack(response: ServerResponse): (band: 1 | 2, content: Buffer) => Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
  response.write(line('packfile\n'));
  response.setMaxListeners(0);
  return async (band, content) => {
    for (let at = 0; at < content.length && !response.destroyed; at += 60_000) {
      const frame = line(Buffer.concat([Buffer.of(band), content.subarray(at, at + 60_000)]));
      if (!response.write(frame))
        await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    }
  };
}

/** Sends a whole pack and ends. */
export async function sendPack(response: ServerResponse, pack: Buffer): Promise<void> {
  await beginPack(response)(1, pack);
  response.end(FLUSH);
}

const TYPES = { commit: 1, tree: 2, blob: 3, ofsDelta: 6 } as const;

/** An object of a pack (gitformat-pack(5)); it may say that it is larger than it is. */
export function packed(type: keyof typeof TYPES, content: Buffer, sizeBytes = content.length): Buffer {
  return Buffer.concat([objectStart(type, sizeBytes), deflateSync(content)]);
}

/** A delta on an object that begins so many bytes before it, at most 16,000. */
export function packedDelta(distance: number, delta: Buffer): Buffer {
  const back = distance < 128 ? [distance] : [0x80 | ((distance >> 7) - 1), distance & 127];
  return Buffer.concat([objectStart('ofsDelta', delta.length), Buffer.from(back), deflateSync(delta)]);
}

export function objectStart(type: keyof typeof TYPES, sizeBytes: number): Buffer {
  const bytes: number[] = [];
  let byte = (TYPES[type] << 4) | (sizeBytes & 15);
  for (let rest = Math.floor(sizeBytes / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
  }
  return Buffer.from([...bytes, byte]);
}

export function packStart(objects: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(objects);
  return Buffer.concat([Buffer.from('PACK'), Buffer.of(0, 0, 0, 2), count]);
}

export function packOf(...objects: Buffer[]): Buffer {
  const body = Buffer.concat([packStart(objects.length), ...objects]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** A delta that makes `copies` times 64 KB of a base of 64 KB. */
export function deltaBomb(copies: number): Buffer {
  return Buffer.concat([varint(65_536), varint(copies * 65_536), Buffer.alloc(copies, Buffer.of(0x80))]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
