// One process of the gRPC bench: a relay, a connect-node server that answers a constant, or bare HTTP/2 that sends the same bytes.
import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Service } from '../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { relayOf, tell } from './forked.ts';

async function relay(folder: string): Promise<string> {
  return (await relayOf(folder, { grpc: '127.0.0.1:0' })).grpcUrl as string;
}

function connectNode(): Http2Server {
  const metadata = { environment: 'prod', revision: 1 };
  return createServer(
    connectNodeAdapter({
      routes: (router) => {
        const resolveBoolean = () => ({ value: true, reason: 'SPLIT', variant: 'on', metadata });
        router.service(Service, { resolveBoolean });
      },
    }),
  );
}

/** Reads nothing of what it is asked: the floor of what Node's HTTP/2 costs. */
function bareHttp2(): Http2Server {
  const answer = Buffer.alloc(80);
  answer.writeUInt32BE(answer.length - 5, 1);
  return createServer().on('stream', (stream) => {
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.resume().on('end', () => {
      stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.end(answer);
    });
  });
}

async function listen(server: Http2Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [kind, folder = ''] = process.argv.slice(2);
const url = kind === 'relay' ? relay(folder) : listen(kind === 'connect-node' ? connectNode() : bareHttp2());
tell(await url);
