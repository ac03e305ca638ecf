// One process of the exposures bench: a relay, with a collector or without, or the collector that it tells.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { createLog } from '../../src/io/log.ts';
import { startRelay } from '../../src/relay/main.ts';

const LINE_END = 0x0a;

async function relay(folder: string, collector?: string, spool?: string): Promise<string> {
  const started = await startRelay({
    environment: 'prod',
    source: `directory:${folder}`,
    listen: '127.0.0.1:0',
    collector,
    spool,
    version: '0',
    instanceId: 'bench',
    log: createLog({ service: 'relay', version: '0', level: 'silent' }),
  });
  await started.ready;
  return started.url;
}

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
process.stdout.write(`${await (kind === 'relay' ? relay(folder, url, spool) : collector())}\n`);
// Asked for it, tells how much processor time it has spent.
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit());
