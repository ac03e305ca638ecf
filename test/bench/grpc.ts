// What a call of flagd's protocol costs over gRPC, with the client that Node's provider uses, beside servers that decide nothing.
import { availableParallelism, loadavg } from 'node:os';
import { create, toBinary } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { ResolveBooleanRequestSchema } from '../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { type Forked, folderOfOneFlag, forked } from './forked.ts';
import { percentile } from './http-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 7;
const ROUND_MS = 1_000;
const AT_ONCE = 32;
const METHOD = '/flagd.evaluation.v2.Service/ResolveBoolean';
const context = { targetingKey: 'user-4711', plan: 'pro', country: 'DE', age: 33 };
const REQUEST = Buffer.from(
  toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, { flagKey: 'flag', context })),
);

interface Server extends Forked {
  client: Client;
}

interface Round {
  perSecond: number;
  cpuMicros: number;
  p50: number;
  p99: number;
}

async function start(kind: string, folder: string): Promise<Server> {
  const server = await forked('grpc-server.ts', [kind, folder]);
  const client = new Client(new URL(server.url).host, credentials.createInsecure());
  const stop = () => {
    client.close();
    server.stop();
  };
  return { ...server, client, stop };
}

const asIs = (bytes: Buffer) => bytes;

function call(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(METHOD, asIs, asIs, REQUEST, (error) => (error ? reject(error) : resolve()));
  });
}

/** As many calls as so many at once can be. */
async function round({ client, cpuMicros }: Server, ms: number): Promise<Round> {
  const latencies: number[] = [];
  const before = await cpuMicros();
  const began = performance.now();
  const caller = async () => {
    while (performance.now() - began < ms) {
      const asked = performance.now();
      await call(client);
      latencies.push((performance.now() - asked) * 1_000);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const seconds = (performance.now() - began) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  return {
    perSecond: latencies.length / seconds,
    cpuMicros: ((await cpuMicros()) - before) / latencies.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}

await using folder = await folderOfOneFlag();
const kinds = ['relay', 'connect-node', 'bare HTTP/2'];
const servers = await Promise.all(kinds.map((kind) => start(kind, folder.path)));
for (const server of servers) await round(server, ROUND_MS);
const rounds: Round[][] = kinds.map(() => []);
for (let at = 0; at < ROUNDS; at++) {
  for (const [index, server] of servers.entries()) rounds[index]?.push(await round(server, ROUND_MS));
}
for (const server of servers) server.stop();

/** The median of what each round says. */
const middle = (index: number, of: keyof Round) => median((rounds[index] ?? []).map((found) => found[of]));
const rows = kinds.map((kind, index) => [
  kind,
  middle(index, 'perSecond').toFixed(0),
  middle(index, 'cpuMicros').toFixed(1),
  middle(index, 'p50').toFixed(0),
  middle(index, 'p99').toFixed(0),
]);
const [load = Number.NaN] = loadavg();
process.stdout.write(
  `\ngRPC, one flag for a context of four attributes, ${AT_ONCE} calls at once from one @grpc/grpc-js client (it shares ` +
    `${availableParallelism()} cores with the server, and is the slower one); load ${load.toFixed(1)}\n\n` +
    `${table([['', 'calls/s', "server's CPU, µs", 'p50, µs', 'p99, µs'], ...rows])}\n\n` +
    `connect-node's CPU over the relay's: ${(middle(1, 'cpuMicros') / middle(0, 'cpuMicros')).toFixed(2)}; ` +
    `the relay's over bare HTTP/2: ${(middle(0, 'cpuMicros') / middle(2, 'cpuMicros')).toFixed(2)}\n`,
);
