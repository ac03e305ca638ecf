// A process of the bench of propagation: several relays, each with an app that is told of changes by the stream, and then asks.
import { Agent, request } from 'node:http';
import { createLog } from '../../src/io/log.ts';
import { startRelay } from '../../src/relay/main.ts';
import { CHANGED_FLAG, epochMs } from './propagation-writer.ts';

/** What this process is told. */
export interface Orders {
  sources: readonly string[];
  environment: string;
}

/** What it tells: where its relays are, once all are ready, and then each time that an answer has changed. */
export type Told =
  | { type: 'ready'; urls: string[] }
  | { type: 'served'; relay: number; revision: number; atMs: number }
  /** The answer to `cpu`: what this process has spent so far. */
  | { type: 'cpu'; ms: number };

const agent = new Agent({ keepAlive: true });
const tell = (told: Told) => process.send?.(told);

process.once('message', async ({ sources, environment }: Orders) => {
  process.on('message', tellCpu);
  const urls: string[] = [];
  for (const [at, source] of sources.entries()) {
    const relay = await startRelay({
      environment,
      source,
      listen: '127.0.0.1:0',
      version: '0.0.0',
      instanceId: `bench-${at}`,
      log: createLog({ service: 'relay', version: '0.0.0', level: 'silent' }),
    });
    await relay.ready;
    urls.push(relay.url);
    listen(relay.url, at);
  }
  tell({ type: 'ready', urls });
});
process.once('disconnect', () => process.exit(0));

function tellCpu(): void {
  const { user, system } = process.cpuUsage();
  tell({ type: 'cpu', ms: (user + system) / 1_000 });
}

/** An app: after each change it asks, and the moment at which the new answer is here is told. */
function listen(url: string, relay: number): void {
  request(`${url}/v1/stream`, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('event: change')) evaluate(url, relay);
    });
  }).end();
}

function evaluate(url: string, relay: number): void {
  const headers = { 'content-type': 'application/json' };
  const asked = request(
    `${url}/v1/evaluate/${CHANGED_FLAG}`,
    { method: 'POST', agent, headers },
    (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        const atMs = epochMs();
        tell({ type: 'served', relay, revision: JSON.parse(body).metadata.revision, atMs });
      });
    },
  );
  asked.end('{"context":{"targetingKey":"u","country":"US"}}');
}
