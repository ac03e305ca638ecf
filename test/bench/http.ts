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
import { closedLoop, inTurn, type Load, openLoop, percentile } from './http-load.ts';
import { type Contender, type Race, type Round, report, type Server } from './http-report.ts';
import { median, sum } from './report.ts';

const ROUNDS = 7;
const WARM_UP_MS = 1_500;
/** Contenders take turns in slices, since a machine that others use too is faster or slower from one second to the next. */
const SLICES = 6;
const CLOSED_MS = 250;
const OPEN_MS = 250;
/** A server that others had their turns before has rested for seconds, and its processor has forgotten it. */
const WAKE_MS = 100;

type Servers = Record<(typeof KINDS)[number], Server>;
const KINDS = ['relay', 'again', 'node', 'fastify', 'schemas', 'stringify', 'unleash'] as const;

async function start(kind: string, argument = ''): Promise<Server> {
  const server = await forked('http-server.ts', [kind, argument]);
  return { ...server, port: Number(new URL(server.url).port) };
}

interface Slice {
  /** At a fixed rate. */
  open: Load | undefined;
  closed: Load;
  cpuMicros: number;
}

async function slice(
  server: Server,
  requests: () => Buffer,
  { connections, perSecond }: Race,
): Promise<Slice> {
  // Before the full load, whose garbage is still being collected when it is over.
  const open = perSecond ? await openLoop(server.port, requests, perSecond, OPEN_MS, WAKE_MS) : undefined;
  const before = await server.cpuMicros();
  const closed = await closedLoop(server.port, requests, connections, CLOSED_MS);
  return { open, closed, cpuMicros: (await server.cpuMicros()) - before };
}

function roundOf(slices: readonly Slice[]): Round {
  const closed = slices.map((each) => each.closed);
  const open = slices.flatMap((each) => each.open ?? []);
  const answers = sum(closed.map((each) => each.answers));
  const inTheMiddle = (share: number, loads: readonly Load[]) =>
    median(loads.map(({ latencies }) => percentile(latencies, share)));
  return {
    perSecond: answers / sum(closed.map((each) => each.seconds)),
    cpuMicros: sum(slices.map(({ cpuMicros }) => cpuMicros)) / answers,
    p99: inTheMiddle(0.99, closed),
    openP50: inTheMiddle(0.5, open),
    openP99: inTheMiddle(0.99, open),
  };
}

/** One round of all races, each slice begun with another contender. Adds to the results of each. */
async function run(races: ReadonlyMap<Race, Round[][]>, servers: Servers): Promise<void> {
  for (const [race, results] of races) {
    const contenders = race.contenders.map(({ server, calls }) => {
      return {
        server: servers[server as keyof Servers],
        // Over all its slices, so that a new user stays one.
        requests: inTurn(calls.map(bytesOf)),
        slices: [] as Slice[],
      };
    });
    for (const { server, requests } of contenders) {
      await closedLoop(server.port, requests, race.connections, WARM_UP_MS);
    }
    for (let n = 0; n < SLICES; n++) {
      const turns = contenders.map((_, at) => contenders[(at + n) % contenders.length]);
      // So that nobody always comes after the same one.
      if (n % 2 === 1) turns.reverse();
      for (const turn of turns) turn?.slices.push(await slice(turn.server, turn.requests, race));
    }
    for (const [at, { slices }] of contenders.entries()) results[at]?.push(roundOf(slices));
  }
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const flags = join(folder, 'flags');
await mkdir(flags);
await writeFlags(flags);
const given = join(folder, 'answers.json');
const answers: { [path: string]: string } = {};

/** Two processes of the same program differ by a fifth here, so each round has processes of its own. */
async function startAll(): Promise<Servers> {
  const arguments_ = { relay: flags, again: flags, stringify: flags, unleash: '' } as Record<string, string>;
  const started = KINDS.map(async (kind) => {
    return [kind, await start(kind === 'again' ? 'relay' : kind, arguments_[kind] ?? given)];
  });
  return Object.fromEntries(await Promise.all(started)) as Servers;
}

function stopAll(servers: Servers): void {
  for (const server of Object.values(servers)) server.stop();
}

let servers = await (async () => {
  const relay = await start('relay', flags);
  for (const call of Object.values(calls)) answers[call.path] = (await answerOf(relay.port, call)).text;
  await writeFile(given, JSON.stringify(answers));
  relay.stop();
  return startAll();
})();

const bare = (call: Call): Contender[] => [
  { name: 'bare fastify, static bytes', server: 'fastify', calls: ofUsers(call) },
  { name: 'bare node:http, static bytes', server: 'node', calls: ofUsers(call) },
];
const withSchemas = (call: Call): Contender => ({
  name: 'bare fastify, body and response schema',
  server: 'schemas',
  calls: ofUsers(call),
});
const stringified = (call: Call): Contender => ({
  name: 'the same decisions, JSON.stringify',
  server: 'stringify',
  calls: ofUsers(call),
});
const relay = (call: Call): Contender => ({ name: 'relay', server: 'relay', calls: ofUsers(call) });
const twoRelays = (call: Call): Contender[] => [
  relay(call),
  { name: 'relay, a second process', server: 'again', calls: ofUsers(call) },
];
const everNewUsers: Contender = {
  name: 'relay, ever new users',
  server: 'again',
  calls: ofNewUsers(calls.all),
};
/** What users ask who have their answer already. */
const unchangedAt = (port: number, call: Call) =>
  Promise.all(ofUsers(call).map(async (each) => withTag(each, (await answerOf(port, each)).tag)));
const unchanged = await unchangedAt(servers.relay.port, calls.all);
const unleashUnchanged = await unchangedAt(servers.unleash.port, unleashCalls.poll);
const bytes = (call: Call) => `${call.body?.length} B in, ${answers[call.path]?.length} B out`;
const races: Race[] = [
  ...[calls.one, calls.oneOfrep].map((call) => ({
    title: `One flag, POST ${call.path} (${bytes(call)})`,
    connections: 64,
    perSecond: 2_000,
    contenders: [withSchemas(call), ...twoRelays(call), ...(call === calls.one ? bare(call) : [])],
  })),
  {
    title: `20 flags in one call, POST ${calls.twenty.path} (${bytes(calls.twenty)})`,
    connections: 64,
    perSecond: 2_000,
    contenders: [stringified(calls.twenty), ...twoRelays(calls.twenty), withSchemas(calls.twenty)],
  },
  {
    title: `All ${FLAGS} flags, POST ${calls.all.path} (${bytes(calls.all)})`,
    connections: 16,
    perSecond: 500,
    contenders: [
      stringified(calls.all),
      relay(calls.all),
      everNewUsers,
      { name: 'relay, 304', server: 'relay', calls: unchanged },
      ...bare(calls.all),
    ],
  },
  {
    title: `All ${FLAGS} flags, and @unleash/proxy with the same`,
    connections: 16,
    contenders: [
      { name: '@unleash/proxy, POST /proxy/all', server: 'unleash', calls: ofUsers(unleashCalls.all) },
      relay(calls.all),
      everNewUsers,
    ],
  },
  {
    title: 'A browser that asks whether anything changed (304)',
    connections: 16,
    contenders: [
      { name: '@unleash/proxy, GET /proxy', server: 'unleash', calls: unleashUnchanged },
      { name: 'relay', server: 'relay', calls: unchanged },
    ],
  },
];

for (const { contenders } of races) {
  for (const { name, server, calls } of contenders) {
    const [call] = calls as [Call];
    if (!(call.path in answers) || call.headers) continue;
    const { text } = await answerOf(servers[server as keyof Servers].port, call);
    if (text !== answers[call.path]) throw new Error(`${name} answers other bytes: ${text}`);
  }
}
process.stdout.write(
  `HTTP: ${FLAGS} flags; medians of ${ROUNDS} rounds, each with new processes, which take turns in slices of half a second.
Beside each figure: it divided by the first row's, the geometric mean of the rounds and its standard error. The relay's second
process shows what is chance. Percentiles are those of the slice in the middle of a round's.
Callers are several users, whose splits differ, and who ask again and again unless it says otherwise.
Generator: own, on plain sockets (test/bench/http-load.ts); every server is one process. "The same decisions" is our engine
and fastify, with the answer through one JSON.stringify and no entity tag.\n\n`,
);
const results = new Map(races.map((race) => [race, race.contenders.map((): Round[] => [])]));
for (let n = 0; n < ROUNDS; n++) {
  if (n > 0) servers = await startAll();
  await run(results, servers);
  stopAll(servers);
}
for (const [race, rounds] of results) process.stdout.write(`${report(race, rounds)}\n`);
await rm(folder, { recursive: true });
