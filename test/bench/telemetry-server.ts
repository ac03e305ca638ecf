// One process of the telemetry bench: a relay that reads the OTEL_* variables, or the collector that it sends to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { relayOf, tell } from './forked.ts';

async function collector(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [kind, argument = ''] = process.argv.slice(2);
tell(kind === 'relay' ? (await relayOf(argument, { telemetry: process.env })).url : await collector());
