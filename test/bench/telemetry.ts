// What OpenTelemetry costs a call: off, for a hundredth of the calls, and for each, with a collector and with one that hangs.
import { createServer, type Server as NetServer } from 'node:net';
import { type Forked, folderOfOneFlag, forked } from './forked.ts';
import { closedLoop, openLoop, percentile, requestBytes } from './http-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 7;
const CLOSED_MS = 600;
const OPEN_MS = 1_000;
const CONNECTIONS = 64;
const RATE = 2_000;

interface Round {
  perSecond: number;
  cpuMicros: number;
  p50: number;
  p99: number;
}

const start = (kind: string, argument = '', variables: NodeJS.ProcessEnv = {}) =>
  forked('telemetry-server.ts', [kind, argument], variables);

/** Takes connections, and never answers. */
async function blackHole(): Promise<{ url: string; server: NetServer }> {
  const server = createServer((socket) => socket.resume().on('error', () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server: server.unref() };
}

async function round({ url, cpuMicros }: Forked): Promise<Round> {
  const port = Number(new URL(url).port);
  const request = requestBytes(
    '/v1/evaluate/flag',
    '{"context":{"targetingKey":"user-4711","country":"US"}}',
  );
  const before = await cpuMicros();
  const closed = await closedLoop(port, request, CONNECTIONS, CLOSED_MS);
  const spent = (await cpuMicros()) - before;
  const open = await openLoop(port, request, RATE, OPEN_MS);
  return {
    perSecond: closed.answers / closed.seconds,
    cpuMicros: spent / closed.answers,
    p50: percentile(open.latencies, 0.5),
    p99: percentile(open.latencies, 0.99),
  };
}

await using folder = await folderOfOneFlag();
const collector = await start('collector');
const hole = await blackHole();
const sampled = (ratio: number, url = collector.url) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: String(ratio),
});
const contenders: [name: string, variables: NodeJS.ProcessEnv][] = [
  ['off', {}],
  ['off again', {}],
  ['1 %', sampled(0.01)],
  ['100 %', sampled(1)],
  ['100 %, hangs', sampled(1, hole.url)],
];
const relays = await Promise.all(contenders.map(([, variables]) => start('relay', folder.path, variables)));
const results = relays.map((): Round[] => []);
// Rounds alternate and begin with another relay each time; the first is a warm-up.
for (let n = 0; n <= ROUNDS; n++) {
  for (let turn = 0; turn < relays.length; turn++) {
    const at = (turn + n) % relays.length;
    const result = await round(relays[at] as Forked);
    if (n > 0) results[at]?.push(result);
  }
}
for (const { stop } of [...relays, collector]) stop();
hole.server.close();

/** Each figure, with how much of the first it is: the median over rounds, since what a machine does besides hits a whole round. */
function cells(read: (result: Round) => number): string[] {
  return results.map((rounds, at) => {
    const ratio = median(rounds.map((one, n) => read(one) / read(results[0]?.[n] as Round)));
    const figure = median(rounds.map(read)).toFixed(0);
    return at === 0 ? figure : `${figure} (${ratio.toFixed(2)})`;
  });
}

process.stdout.write(
  `OpenTelemetry: one flag a call, a span and an event for each that is recorded; medians of ${ROUNDS} alternated rounds,
in brackets as a part of the relay without the variables. The second one without them shows the noise.

${table([
  ['one flag', ...contenders.map(([name]) => name)],
  [`requests per second, ${CONNECTIONS} connections`, ...cells(({ perSecond }) => perSecond)],
  ['CPU per request, µs', ...cells(({ cpuMicros }) => cpuMicros)],
  [`p50 at ${RATE}/s, µs`, ...cells(({ p50 }) => p50)],
  [`p99 at ${RATE}/s, µs`, ...cells(({ p99 }) => p99)],
])}

`,
);
