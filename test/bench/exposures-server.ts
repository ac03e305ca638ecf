// One process of the exposures bench: a relay, with a collector or without, or the collector that it tells.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { relayOf, tell } from './forked.ts';

const LINE_END = 0x0a;

async function collector(): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const counted = gunzipSync(Buffer.concat(pieces)).reduce(
        (sum, byte) => sum + Number(byte === LINE_END),
        0,
      );
      response.end(JSON.stringify({ counted, duplicates: 0, refused: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [kind, folder = '', url, spool] = process.argv.slice(2);
tell(kind === 'relay' ? (await relayOf(folder, { collector: url, spool })).url : await collector());
