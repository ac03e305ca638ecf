// Something that answers at the address of a relay, and a source that asks it again and again.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { follow, type SourceNews, type Witness } from '../../src/relay/source.ts';
import { UpstreamSource } from '../../src/relay/sources/upstream.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Something that answers at the address of a relay. */
export async function pretend(answer: Answer): Promise<AsyncDisposable & { url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['if-none-match'] ?? ''}`);
    if (request.url?.startsWith('/v1/stream')) response.writeHead(200).write(':\n\n');
    else answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a source says that asks every 20 ms and loses no time before it tries again. */
export function followed(
  url: string,
  { pollMs = 20, witness }: { pollMs?: number; witness?: Witness } = {},
): AsyncDisposable & { news: SourceNews[] } {
  const news: SourceNews[] = [];
  const stop = new AbortController();
  const source = new UpstreamSource({
    url,
    environment: 'prod',
    known: undefined,
    witness: () => witness,
    pollMs,
  });
  const following = follow(
    source,
    async (told) => void news.push(told),
    stop.signal,
    () => 0,
  );
  return {
    news,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await following;
    },
  };
}
