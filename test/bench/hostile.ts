// A well-behaved caller while others attack: its p99 quiet, while a neighbour is attacked, and while the relay is, and what is left of the attack.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attacks } from './hostile-attacks.ts';
import { writeHostileFlags } from './hostile-flags.ts';
import { percentile, requestBytes } from './http-load.ts';
import { pacedLoop } from './paced-load.ts';
import { median, table } from './report.ts';

/** By themselves, rounds on a shared machine differ by more than what attacks cost: the medians of several are compared. */
const ROUNDS = 3;
/** A full collection, of which there is one every ten seconds or so, is felt for 30 ms: it must not be one in a hundred of a round. */
const ROUND_MS = 5_000;
/** What an attack may cost. One that costs more has further rounds, which count as the first ones do; and the bench looks what the machine takes. */
const MOST_TO_QUIET = 1.5;
const FURTHER_ROUNDS = 4;
/** An attack begins before the caller is measured, and is over before it is again. */
const SETTLE_MS = 500;
/** Connections that were cut in the midst of a request are closed at an even pace. */
const SETTLED_WITHIN_MS = 60_000;
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

interface Measured {
  quiet: Round[];
  attacked: Round[];
  neighbour: Round[];
  /** What the attacker was told by the relay. */
  answers: Map<string, number>;
}

/** Rounds take turns, so that what else the machine does falls on all. */
async function measure(name: string, parts: Parts): Promise<Measured> {
  const measured: Measured = { quiet: [], attacked: [], neighbour: [], answers: new Map() };
  const { quiet, attacked, neighbour, answers } = measured;
  const takeRound = async () => {
    quiet.push(await wellBehaved(parts.relay, parts.port));
    const { round, answered } = await underAttack(name, parts.port, parts);
    attacked.push(round);
    for (const [status, count] of answered) answers.set(status, (answers.get(status) ?? 0) + count);
  };
  for (let round = 0; round < ROUNDS; round++) await takeRound();
  if (p99(attacked) <= MOST_TO_QUIET * p99(quiet)) return measured;
  parts.neighbour.send(toldPerSecond(answers));
  for (let round = 0; round < FURTHER_ROUNDS; round++) {
    await takeRound();
    neighbour.push((await underAttack(name, parts.neighbourPort, parts)).round);
  }
  return measured;
}

/** How many answers the relay gave the attacker: the neighbour gives as many. */
function toldPerSecond(answers: ReadonlyMap<string, number>): number {
  let told = 0;
  for (const [status, count] of answers) if (status !== 'closed') told += count;
  return (told * 1_000) / (ROUNDS * (ROUND_MS + SETTLE_MS));
}

function p99(rounds: readonly Round[]): number {
  return median(rounds.map(({ latencies }) => percentile(latencies, 0.99)));
}

/** Of the round in which the machine did least else: what it does only adds to what is felt. */
function leastP99(rounds: readonly Round[]): number {
  return Math.min(...rounds.map(({ latencies }) => percentile(latencies, 0.99)));
}

/** A row's figures of what was felt. */
function felt({ quiet, attacked, neighbour, answers }: Measured) {
  for (const { latencies } of quiet) quietP99s.push(percentile(latencies, 0.99));
  const p99s = [p99(quiet), neighbour.length > 0 ? p99(neighbour) : Number.NaN, p99(attacked)] as const;
  const [still, aside, felt] = p99s;
  const cpu = (rounds: readonly Round[]) => median(rounds.map((round) => round.cpu)).toFixed(0);
  const shown = (figure: number, digits = 0) => (Number.isNaN(figure) ? '' : figure.toFixed(digits));
  return {
    figures: [
      ...p99s.map((figure) => shown(figure)),
      shown(felt / still, 2),
      shown(leastP99(attacked) / leastP99(quiet), 2),
      shown(felt / aside, 2),
      cpu(quiet),
      cpu(attacked),
    ],
    answers:
      [...answers]
        .sort()
        .map((entry) => entry.join(': '))
        .join(', ') || 'none',
  };
}

/** What the relay holds when an attack is over, once connections have gone. */
async function settled(relay: ChildProcess, { fds, timers }: Pick<State, 'fds' | 'timers'>): Promise<State> {
  const end = Date.now() + SETTLED_WITHIN_MS;
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
setPriority(attacker.pid as number, constants.priority.PRIORITY_LOW);
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
  const { figures, answers } = felt(await measure(name, parts));
  const state = await settled(relay, before);
  const heap = `${((state.heapBytes - before.heapBytes) / 1e6).toFixed(1)} MB`;
  const left = [heap, String(state.fds - before.fds), String(state.timers - before.timers)];
  rows.push([name, ...figures, ...left, `  ${answers}`]);
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
  'least',
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
of its own attacks as fast as it is answered, at the lowest priority: what the attacker itself takes of the processors is not to be felt.
p99 in µs: the median of ${ROUNDS} rounds of ${ROUND_MS} ms each, quiet and attacked in turn; where an attack costs more than ${MOST_TO_QUIET}, of
${FURTHER_ROUNDS} more. Least: the ratio of the least round to the least quiet one, since what else a machine does only adds to either. Neighbour, there: in the relay's place a bare node:http server beside it is attacked, which answers as much a second
as the relay did; what is felt of that, the machine takes. CPU of the relay in percent of one processor. Heap, fds and timers: what
the relay holds more after the attack than before all of them. Answers: what the attacker was told.
Noise: one quiet round's p99 is ${percentile(quiet, 0.1).toFixed(0)} µs in the best tenth, ${percentile(quiet, 0.5).toFixed(0)} µs in the middle, ${percentile(quiet, 0.9).toFixed(0)} µs in the worst tenth.

${table([heads, ...rows])}

`,
);
