// A well-behaved caller while others attack: its p99 quiet and under each attack, and what is left of the attack.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attacks } from './hostile-attacks.ts';
import { writeHostileFlags } from './hostile-flags.ts';
import { percentile, requestBytes } from './http-load.ts';
import { pacedLoop } from './paced-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 5;
const ROUND_MS = 1_000;
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
  p99: number;
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
  return { p99: percentile(latencies, 0.99), cpu: (100 * (cpuMicros - before.cpuMicros)) / micros };
}

/** Quiet and attacked rounds take turns, so that what else the machine does falls on both. */
async function measure(name: string, port: number, relay: ChildProcess, attacker: ChildProcess) {
  const quiet: Round[] = [];
  const attacked: Round[] = [];
  const answered = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(await wellBehaved(relay, port));
    attacker.send({ attack: name, port });
    await sleep(300);
    attacked.push(await wellBehaved(relay, port));
    for (const [status, count] of await ask<[string, number][]>(attacker, 'stop')) {
      answered.set(status, (answered.get(status) ?? 0) + count);
    }
    await sleep(500);
  }
  const middle = (rounds: Round[], what: keyof Round) =>
    median(rounds.map((round) => round[what])).toFixed(0);
  const ratios = attacked.map(({ p99 }, round) => p99 / (quiet[round] as Round).p99);
  return {
    ratio: median(ratios).toFixed(2),
    p99: [middle(quiet, 'p99'), middle(attacked, 'p99')],
    cpu: [middle(quiet, 'cpu'), middle(attacked, 'cpu')],
    answers:
      [...answered]
        .sort()
        .map(([status, count]) => `${status}: ${count}`)
        .join(', ') || 'none',
  };
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
const wanted = process.env.HALYARD_ATTACK;
const names = Object.keys(attacks).filter((name) => wanted === undefined || name.includes(wanted));
const idle = await ask<State>(relay, 'state');
await wellBehaved(relay, port);
const before = await settled(relay, idle);
const rows: string[][] = [];
for (const name of names) {
  const { ratio, p99, cpu, answers } = await measure(name, port, relay, attacker);
  const state = await settled(relay, before);
  const heap = `${((state.heapBytes - before.heapBytes) / 1e6).toFixed(1)} MB`;
  const left = [heap, String(state.fds - before.fds), String(state.timers - before.timers)];
  rows.push([name, ...p99, ratio, ...cpu, ...left, `  ${answers}`]);
  process.stderr.write(`${rows.at(-1)?.join(' | ')}\n`);
}
attacker.disconnect();
relay.disconnect();
await rm(folder, { recursive: true });

const heads = [
  'attack',
  'quiet p99',
  'attacked',
  'ratio',
  'quiet CPU',
  'attacked',
  'heap',
  'fds',
  'timers',
  'answers',
];
process.stdout.write(
  `Hostile callers: a well-behaved caller asks ${RATE} times a second for one of ${FLAGS} flags (test/bench/paced-load.ts), while a process
of its own attacks as fast as it is answered. Medians of ${ROUNDS} rounds of ${ROUND_MS} ms that take turns with quiet ones, the ratio that of
the rounds' ratios; p99 in µs, CPU of the relay in percent of one processor. Heap, fds and timers: what the relay holds
more after the attack than before all of them. Answers: what the attacker was told.

${table([heads, ...rows])}

`,
);
