// @unleash/proxy in this process, over a stub of the server that it takes its flags from.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '@unleash/proxy';
import { UNLEASH_KEY, unleashFeatures } from './http-calls.ts';

const NEVER_MS = 24 * 60 * 60 * 1_000;

/** Resolves to its address when it answers with every flag. */
export async function unleashProxy(): Promise<string> {
  const features = JSON.stringify({ version: 2, features: unleashFeatures() });
  const upstream = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(features);
  });
  const app = createApp({
    unleashUrl: await listen(upstream),
    unleashApiToken: 'none',
    clientKeys: [UNLEASH_KEY],
    enableAllEndpoint: true,
    refreshInterval: NEVER_MS,
    metricsInterval: NEVER_MS,
  });
  const url = await listen(createServer(app));
  const isReady = async () => (await fetch(`${url}/proxy/health`)).ok;
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 10));
  return url;
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
