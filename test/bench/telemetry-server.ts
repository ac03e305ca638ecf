// One process of the telemetry bench: a relay that reads the OTEL_* variables, or the collector that it sends to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from '../../src/io/log.ts';
import { startRelay } from '../../src/relay/main.ts';

async function relay(folder: string): Promise<string> {
  const started = await startRelay({
    environment: 'prod',
    source: `directory:${folder}`,
    listen: '127.0.0.1:0',
    version: '0',
    instanceId: 'bench',
    telemetry: process.env,
    log: createLog({ service: 'relay', version: '0', level: 'silent' }),
  });
  await started.ready;
  return started.url;
}

async function collector(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [kind, argument = ''] = process.argv.slice(2);
process.stdout.write(`${await (kind === 'relay' ? relay(argument) : collector())}\n`);
// Asked for it, tells how much processor time it has spent.
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit());
