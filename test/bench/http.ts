// The relay's HTTP beside bare servers, the same decisions through JSON.stringify, and @unleash/proxy: throughput and latency.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  answerOf,
  bytesOf,
  type Call,
  calls,
  FLAGS,
  unleashCalls,
  withTag,
  writeFlags,
} from './http-calls.ts';
import { closedLoop, openLoop, percentile } from './http-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 7;
const CLOSED_MS = 600;
const OPEN_MS = 1_000;

interface Server {
  port: number;
  /** Processor time that it has spent, in microseconds. */
  cpuMicros: () => Promise<number>;
  stop: () => void;
}

/** What is measured side by side; the first is ours, to which the others are compared. */
interface Contender {
  name: string;
  server: Server;
  call: Call;
}

interface Race {
  title: string;
  connections: number;
  /** For the latencies; absent where a contender could not keep up with any that says something. */
  perSecond?: number;
  contenders: Contender[];
}

interface Round {
  perSecond: number;
  cpuMicros: number;
  p99: number;
  openP50: number;
  openP99: number;
}

async function start(kind: string, argument = ''): Promise<Server> {
  const path = join(import.meta.dirname, 'http-server.ts');
  const child = fork(path, [kind, argument], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the ${kind} server ended with ${code}`)));
  });
  const cpuMicros = async () => {
    child.send('cpu');
    const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage];
    return user + system;
  };
  return { port: Number(new URL(url).port), cpuMicros, stop: () => child.disconnect() };
}

async function round({ server, call }: Contender, { connections, perSecond }: Race): Promise<Round> {
  const request = bytesOf(call);
  const before = await server.cpuMicros();
  const closed = await closedLoop(server.port, request, connections, CLOSED_MS);
  const spent = (await server.cpuMicros()) - before;
  const open = perSecond ? await openLoop(server.port, request, perSecond, OPEN_MS) : undefined;
  return {
    perSecond: closed.answers / closed.seconds,
    cpuMicros: spent / closed.answers,
    p99: percentile(closed.latencies, 0.99),
    openP50: open ? percentile(open.latencies, 0.5) : Number.NaN,
    openP99: open ? percentile(open.latencies, 0.99) : Number.NaN,
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

/** A contender's median, and the median over rounds of ours divided by its own. */
function cell(all: Round[][], at: number, read: (round: Round) => number): string[] {
  const theirs = (all[at] ?? []).map(read);
  const value = median(theirs);
  if (Number.isNaN(value)) return ['', ''];
  const digits = value < 100 ? 1 : 0;
  const ratios = (all[0] ?? []).map((ours, n) => read(ours) / (theirs[n] as number));
  return [value.toFixed(digits), at === 0 ? '' : median(ratios).toFixed(2)];
}

function report(race: Race, all: Round[][]): string {
  const fixed = race.perSecond ? [`at ${race.perSecond}/s: p50`, '', 'p99', ''] : [];
  const heads = ['', 'requests/s', '', 'CPU µs', '', 'p99 µs', '', ...fixed];
  const rows = race.contenders.map(({ name }, at) => [
    name,
    ...cell(all, at, (each) => each.perSecond),
    ...cell(all, at, (each) => each.cpuMicros),
    ...cell(all, at, (each) => each.p99),
    ...(race.perSecond ? cell(all, at, (each) => each.openP50) : []),
    ...(race.perSecond ? cell(all, at, (each) => each.openP99) : []),
  ]);
  return `${race.title}, ${race.connections} connections\n\n${table([heads, ...rows])}\n${noise(race, all)}\n`;
}

const AGAIN = 'relay, a second process';

/** How far the relay is from itself, round by round: no ratio means more than this lets it. */
function noise({ contenders }: Race, all: Round[][]): string {
  const at = contenders.findIndex(({ name }) => name === AGAIN);
  if (at < 0) return '';
  const spread = (read: (round: Round) => number) => {
    const ratios = (all[0] ?? []).map((ours, n) => read(ours) / read(all[at]?.[n] as Round));
    return `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  };
  const [rate, p99, open] = [
    (each: Round) => each.perSecond,
    (each: Round) => each.p99,
    (each: Round) => each.openP99,
  ].map(spread);
  return `noise: the relay to itself, round by round: requests/s ${rate}, p99 ${p99}, p99 at the fixed rate ${open}\n`;
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
  { name: 'bare fastify, static bytes', server: fastify, call },
  { name: 'bare node:http, static bytes', server: node, call },
];
const ours = (call: Call): Contender[] => [
  { name: 'relay', server: relay, call },
  { name: AGAIN, server: again, call },
];
const { tag } = await answerOf(relay.port, calls.all);
const { tag: unleashTag } = await answerOf(unleash.port, unleashCalls.poll);
const unchanged = withTag(calls.all, tag);
const bytes = (call: Call) => `${call.body?.length} B in, ${answers[call.path]?.length} B out`;
const races: Race[] = [
  ...[calls.one, calls.oneOfrep].map((call) => ({
    title: `One flag, POST ${call.path} (${bytes(call)})`,
    connections: 64,
    perSecond: 2_000,
    contenders: [
      ...ours(call),
      { name: 'bare fastify, body and response schema', server: schemas, call },
      ...(call === calls.one ? bare(call) : []),
    ],
  })),
  {
    title: `20 flags in one call, POST ${calls.twenty.path} (${bytes(calls.twenty)})`,
    connections: 64,
    perSecond: 2_000,
    contenders: [
      ...ours(calls.twenty),
      { name: 'the same decisions, JSON.stringify', server: stringify, call: calls.twenty },
      { name: 'bare fastify, body and response schema', server: schemas, call: calls.twenty },
    ],
  },
  {
    title: `All ${FLAGS} flags, POST ${calls.all.path} (${bytes(calls.all)})`,
    connections: 16,
    perSecond: 500,
    contenders: [
      ...ours(calls.all),
      { name: 'relay, 304', server: relay, call: unchanged },
      { name: 'the same decisions, JSON.stringify', server: stringify, call: calls.all },
      ...bare(calls.all),
    ],
  },
  {
    title: `All ${FLAGS} flags, and @unleash/proxy with the same`,
    connections: 16,
    contenders: [
      { name: 'relay', server: relay, call: calls.all },
      { name: '@unleash/proxy, POST /proxy/all', server: unleash, call: unleashCalls.all },
    ],
  },
  {
    title: 'A browser that asks whether anything changed (304)',
    connections: 16,
    contenders: [
      { name: 'relay', server: relay, call: unchanged },
      { name: '@unleash/proxy, GET /proxy', server: unleash, call: withTag(unleashCalls.poll, unleashTag) },
    ],
  },
];

for (const { contenders } of races) {
  const [first, ...others] = contenders.filter(({ call }) => call.path in answers && !call.headers);
  for (const { name, server, call } of others) {
    const { text } = await answerOf(server.port, call);
    if (text !== answers[first?.call.path ?? '']) throw new Error(`${name} answers other bytes: ${text}`);
  }
}
process.stdout.write(
  `HTTP: ${FLAGS} flags; medians of ${ROUNDS} alternated rounds. Beside each figure: the relay's divided by it, the median of the rounds.
Generator: own, on plain sockets (test/bench/http-load.ts); every server is one process. "The same decisions" is our engine
and fastify, with the answer through one JSON.stringify and no entity tag.\n\n`,
);
for (const race of races) process.stdout.write(`${report(race, await run(race))}\n`);
for (const server of [relay, again, node, fastify, schemas, stringify, unleash]) server.stop();
await rm(folder, { recursive: true });
