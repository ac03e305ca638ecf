// The relay's HTTP beside bare servers, the same decisions through JSON.stringify, and @unleash/proxy: throughput and latency.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forked } from './forked.ts';
import {
  answerOf,
  bytesOf,
  type Call,
  calls,
  FLAGS,
  ofNewUsers,
  ofUsers,
  unleashCalls,
  withTag,
  writeFlags,
} from './http-calls.ts';
import { closedLoop, openLoop, percentile } from './http-load.ts';
import { AGAIN, type Contender, type Race, type Round, report, type Server } from './http-report.ts';

const ROUNDS = 7;
const CLOSED_MS = 600;
const OPEN_MS = 1_000;

async function start(kind: string, argument = ''): Promise<Server> {
  const server = await forked('http-server.ts', [kind, argument]);
  return { ...server, port: Number(new URL(server.url).port) };
}

async function round({ server, calls }: Contender, { connections, perSecond }: Race): Promise<Round> {
  const requests = calls.map(bytesOf);
  // Before the full load, whose garbage is still being collected when it is over.
  const open = perSecond ? await openLoop(server.port, requests, perSecond, OPEN_MS) : undefined;
  const before = await server.cpuMicros();
  const closed = await closedLoop(server.port, requests, connections, CLOSED_MS);
  const spent = (await server.cpuMicros()) - before;
  return {
    perSecond: closed.answers / closed.seconds,
    cpuMicros: spent / closed.answers,
    p99: percentile(closed.latencies, 0.99),
    latencies: open?.latencies ?? new Float64Array(),
  };
}

/** Rounds alternate and begin with another contender each time; the first is a warm-up. */
async function run(race: Race): Promise<Round[][]> {
  const { contenders } = race;
  const results = contenders.map((): Round[] => []);
  for (let n = 0; n <= ROUNDS; n++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (turn + n) % contenders.length;
      const result = await round(contenders[at] as Contender, race);
      if (n > 0) results[at]?.push(result);
    }
  }
  return results;
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const flags = join(folder, 'flags');
await mkdir(flags);
await writeFlags(flags);
const [relay, again] = [await start('relay', flags), await start('relay', flags)];
const answers: { [path: string]: string } = {};
for (const call of Object.values(calls)) answers[call.path] = (await answerOf(relay.port, call)).text;
const given = join(folder, 'answers.json');
await writeFile(given, JSON.stringify(answers));
const [node, fastify, schemas, stringify, unleash] = await Promise.all([
  start('node', given),
  start('fastify', given),
  start('schemas', given),
  start('stringify', flags),
  start('unleash'),
]);

const bare = (call: Call): Contender[] => [
  { name: 'bare fastify, static bytes', server: fastify, calls: ofUsers(call) },
  { name: 'bare node:http, static bytes', server: node, calls: ofUsers(call) },
];
const ours = (call: Call): Contender[] => [
  { name: 'relay', server: relay, calls: ofUsers(call) },
  { name: AGAIN, server: again, calls: ofUsers(call) },
];
/** What users ask who have their answer already. */
const unchangedAt = (port: number, call: Call) =>
  Promise.all(ofUsers(call).map(async (each) => withTag(each, (await answerOf(port, each)).tag)));
const unchanged = await unchangedAt(relay.port, calls.all);
const unleashUnchanged = await unchangedAt(unleash.port, unleashCalls.poll);
const bytes = (call: Call) => `${call.body?.length} B in, ${answers[call.path]?.length} B out`;
const races: Race[] = [
  ...[calls.one, calls.oneOfrep].map((call) => ({
    title: `One flag, POST ${call.path} (${bytes(call)})`,
    connections: 64,
    perSecond: 2_000,
    contenders: [
      ...ours(call),
      { name: 'bare fastify, body and response schema', server: schemas, calls: ofUsers(call) },
      ...(call === calls.one ? bare(call) : []),
    ],
  })),
  {
    title: `20 flags in one call, POST ${calls.twenty.path} (${bytes(calls.twenty)})`,
    connections: 64,
    perSecond: 2_000,
    contenders: [
      ...ours(calls.twenty),
      { name: 'the same decisions, JSON.stringify', server: stringify, calls: ofUsers(calls.twenty) },
      { name: 'bare fastify, body and response schema', server: schemas, calls: ofUsers(calls.twenty) },
    ],
  },
  {
    title: `All ${FLAGS} flags, POST ${calls.all.path} (${bytes(calls.all)})`,
    connections: 16,
    perSecond: 500,
    contenders: [
      ...ours(calls.all),
      { name: 'relay, 304', server: relay, calls: unchanged },
      { name: 'relay, ever new users', server: again, calls: ofNewUsers(calls.all) },
      { name: 'the same decisions, JSON.stringify', server: stringify, calls: ofUsers(calls.all) },
      ...bare(calls.all),
    ],
  },
  {
    title: `All ${FLAGS} flags, and @unleash/proxy with the same`,
    connections: 16,
    contenders: [
      { name: 'relay', server: relay, calls: ofUsers(calls.all) },
      { name: 'relay, ever new users', server: again, calls: ofNewUsers(calls.all) },
      { name: '@unleash/proxy, POST /proxy/all', server: unleash, calls: ofUsers(unleashCalls.all) },
    ],
  },
  {
    title: 'A browser that asks whether anything changed (304)',
    connections: 16,
    contenders: [
      { name: 'relay', server: relay, calls: unchanged },
      { name: '@unleash/proxy, GET /proxy', server: unleash, calls: unleashUnchanged },
    ],
  },
];

for (const { contenders } of races) {
  for (const { name, server, calls } of contenders) {
    const [call] = calls as [Call];
    if (!(call.path in answers) || call.headers) continue;
    const { text } = await answerOf(server.port, call);
    if (text !== answers[call.path]) throw new Error(`${name} answers other bytes: ${text}`);
  }
}
process.stdout.write(
  `HTTP: ${FLAGS} flags; medians of ${ROUNDS} alternated rounds. Beside each figure: the relay's divided by it, the median of the rounds.
Latencies at a fixed rate are those of all rounds together.
Callers are several users, whose splits differ, and who ask again and again unless it says otherwise.
Generator: own, on plain sockets (test/bench/http-load.ts); every server is one process. "The same decisions" is our engine
and fastify, with the answer through one JSON.stringify and no entity tag.\n\n`,
);
for (const race of races) process.stdout.write(`${report(race, await run(race))}\n`);
for (const server of [relay, again, node, fastify, schemas, stringify, unleash]) server.stop();
await rm(folder, { recursive: true });
