// A well-behaved caller while others attack: its p99 quiet, while a neighbour is attacked, and while the relay is, and what is left of the attack.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attacks } from './hostile-attacks.ts';
import { writeHostileFlags } from './hostile-flags.ts';
import { percentile, pooled, requestBytes } from './http-load.ts';
import { pacedLoop } from './paced-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 2;
/** A full collection, of which there is one every ten seconds or so, is felt for 30 ms: it must not be one in a hundred of a round. */
const ROUND_MS = 8_000;
/** What an attack may cost; of one that costs more, the bench looks what the machine takes. */
const MOST_TO_QUIET = 1.5;
/** An attack begins before the caller is measured, and is over before it is again. */
const SETTLE_MS = 500;
const RATE = 1_000;
const FLAGS = 1_000;

/** What the relay holds, and how much processor time it has spent. */
interface State {
  heapBytes: number;
  fds: number;
  timers: number;
  cpuMicros: number;
}

interface Round {
  latencies: Float64Array;
  /** How much of one processor the relay took, in percent. */
  cpu: number;
}

async function ask<Answer>(child: ChildProcess, order: string): Promise<Answer> {
  child.send(order);
  const [answer] = (await once(child, 'message')) as [Answer];
  return answer;
}

const body = JSON.stringify({ context: { targetingKey: 'user-4711', country: 'US', plan: 'pro' } });
const request = requestBytes('/v1/evaluate/flag-3', body);

async function wellBehaved(relay: ChildProcess, port: number): Promise<Round> {
  const before = await ask<State>(relay, 'cpu');
  const started = performance.now();
  const { latencies } = await pacedLoop(port, request, RATE, ROUND_MS);
  const { cpuMicros } = await ask<State>(relay, 'cpu');
  const micros = (performance.now() - started) * 1_000;
  return { latencies, cpu: (100 * (cpuMicros - before.cpuMicros)) / micros };
}

interface Parts {
  relay: ChildProcess;
  port: number;
  attacker: ChildProcess;
  neighbour: ChildProcess;
  neighbourPort: number;
}

/** The caller's round while a port is attacked, with what the attacker was answered. */
async function underAttack(name: string, target: number, { relay, port, attacker }: Parts) {
  attacker.send({ attack: name, port: target });
  await sleep(SETTLE_MS);
  const round = await wellBehaved(relay, port);
  const answered = await ask<[string, number][]>(attacker, 'stop');
  await sleep(SETTLE_MS);
  return { round, answered };
}

/** Of each quiet round: what the machine does by itself. */
const quietP99s: number[] = [];

/** Rounds take turns, so that what else the machine does falls on all. */
async function measure(name: string, parts: Parts) {
  const { relay, port } = parts;
  const rounds = { quiet: [] as Round[], relay: [] as Round[] };
  const answers = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    rounds.quiet.push(await wellBehaved(relay, port));
    const attacked = await underAttack(name, port, parts);
    rounds.relay.push(attacked.round);
    for (const [status, count] of attacked.answered) answers.set(status, (answers.get(status) ?? 0) + count);
  }
  const [quiet, attacked] = [p99(rounds.quiet), p99(rounds.relay)];
  const isDear = attacked > MOST_TO_QUIET * quiet;
  const neighbour = isDear ? p99(await besideNeighbour(name, answers, parts)) : undefined;
  for (const { latencies } of rounds.quiet) quietP99s.push(percentile(latencies, 0.99));
  const cpu = (kind: keyof typeof rounds) => median(rounds[kind].map((round) => round.cpu)).toFixed(0);
  return {
    p99: [quiet.toFixed(0), neighbour?.toFixed(0) ?? '', attacked.toFixed(0)],
    ratios: [(attacked / quiet).toFixed(2), neighbour ? (attacked / neighbour).toFixed(2) : ''],
    cpu: [cpu('quiet'), cpu('relay')],
    answers:
      [...answers]
        .sort()
        .map((entry) => entry.join(': '))
        .join(', ') || 'none',
  };
}

function p99(rounds: readonly Round[]): number {
  return pooled(
    rounds.map(({ latencies }) => latencies),
    0.99,
  );
}

/** The caller's rounds while the same attack is on the neighbour, which answers as much a second as the relay did. */
async function besideNeighbour(name: string, answers: ReadonlyMap<string, number>, parts: Parts) {
  let told = 0;
  for (const [status, count] of answers) if (status !== 'closed') told += count;
  parts.neighbour.send((told * 1_000) / (ROUNDS * (ROUND_MS + SETTLE_MS)));
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push((await underAttack(name, parts.neighbourPort, parts)).round);
  return rounds;
}

/** What the relay holds when an attack is over, once connections have gone. */
async function settled(relay: ChildProcess, { fds, timers }: Pick<State, 'fds' | 'timers'>): Promise<State> {
  const end = Date.now() + 20_000;
  for (;;) {
    const state = await ask<State>(relay, 'state');
    if ((state.fds <= fds && state.timers <= timers) || Date.now() > end) return state;
    await sleep(100);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
await writeHostileFlags(folder, FLAGS);
const relay = fork(join(import.meta.dirname, 'hostile-relay.ts'), [folder], { execArgv: ['--expose-gc'] });
const [port] = (await once(relay, 'message')) as [number];
const attacker = fork(join(import.meta.dirname, 'hostile-attacker.ts'));
const neighbour = fork(join(import.meta.dirname, 'hostile-neighbour.ts'));
const [neighbourPort] = (await once(neighbour, 'message')) as [number];
const wanted = process.env.HALYARD_ATTACK;
const names = Object.keys(attacks).filter((name) => wanted === undefined || name.includes(wanted));
// The thread that reads large contexts stays for a minute, with files of its own.
await fetch(`http://127.0.0.1:${port}/v1/evaluate/flag-3`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ context: { text: 'x'.repeat(5_000) } }),
});
const idle = await ask<State>(relay, 'state');
await wellBehaved(relay, port);
const before = await settled(relay, idle);
const rows: string[][] = [];
for (const name of names) {
  const parts = { relay, port, attacker, neighbour, neighbourPort };
  const { p99, ratios, cpu, answers } = await measure(name, parts);
  const state = await settled(relay, before);
  const heap = `${((state.heapBytes - before.heapBytes) / 1e6).toFixed(1)} MB`;
  const left = [heap, String(state.fds - before.fds), String(state.timers - before.timers)];
  rows.push([name, ...p99, ...ratios, ...cpu, ...left, `  ${answers}`]);
  process.stderr.write(`${rows.at(-1)?.join(' | ')}\n`);
}
for (const child of [attacker, neighbour, relay]) child.disconnect();
await rm(folder, { recursive: true });

const quiet = Float64Array.from(quietP99s).sort();
const heads = [
  'attack',
  'quiet p99',
  'neighbour',
  'attacked',
  'to quiet',
  'to neighbour',
  'quiet CPU',
  'attacked',
  'heap',
  'fds',
  'timers',
  'answers',
];
process.stdout.write(
  `Hostile callers: a well-behaved caller asks ${RATE} times a second for one of ${FLAGS} flags (test/bench/paced-load.ts), while a process
of its own attacks as fast as it is answered. Neighbour, where an attack costs more than ${MOST_TO_QUIET}: it is on a bare node:http server beside
the relay, which answers as much a second as the relay did; what is felt of that, the machine takes. p99 in µs, of the calls of ${ROUNDS} rounds of ${ROUND_MS} ms
together, which take turns; CPU of the relay in percent of one processor. Heap, fds and timers: what the relay holds more after the
attack than before all of them. Answers: what the attacker was told.
Noise: one quiet round's p99 is ${percentile(quiet, 0.1).toFixed(0)} µs in the best tenth, ${percentile(quiet, 0.5).toFixed(0)} µs in the middle, ${percentile(quiet, 0.9).toFixed(0)} µs in the worst tenth.

${table([heads, ...rows])}

`,
);
