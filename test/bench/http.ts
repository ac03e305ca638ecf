// The relay's HTTP against a bare node:http and a bare fastify server that answer the same bytes: throughput and latency.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedLoop, type Load, openLoop, percentile, requestBytes } from './http-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 7;
const ROUND_MS = 1_000;
const CONNECTIONS = 64;
const RATE = 2_000;
const FLAGS = 1_000;

const context = {
  targetingKey: 'user-4711',
  country: 'US',
  plan: 'pro',
  appVersion: '4.2.1',
  roles: ['buyer'],
};
const twenty = Array.from({ length: 20 }, (_, at) => `flag-${at * 7}`);
const calls = [
  { name: 'one flag', path: '/v1/evaluate/flag-7', body: { context } },
  { name: 'one flag, OFREP', path: '/ofrep/v1/evaluate/flags/flag-7', body: { context } },
  { name: '20 flags in one call', path: '/v1/evaluate', body: { context, flags: twenty } },
  { name: `all ${FLAGS} flags, OFREP`, path: '/ofrep/v1/evaluate/flags', body: { context } },
].map(({ body, ...call }) => ({ ...call, body: JSON.stringify(body) }));

const kinds = ['relay', 'node', 'fastify'] as const;
interface Server {
  port: number;
  /** Processor time that it has spent, in microseconds. */
  cpuMicros: () => Promise<number>;
  stop: () => void;
}
type Servers = { [kind in (typeof kinds)[number]]: Server };
type Round = Load & { cpuMicros: number };

async function start(kind: string, argument: string): Promise<Server> {
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

/** A quarter of the flags serve one variation to all, half have a rule, and a quarter are split by bucket. */
async function writeFlags(folder: string): Promise<void> {
  const rule = `rules:
      - name: buyers
        if: { attribute: roles, operator: in, value: [buyer, seller] }
        then: { serve: on }`;
  const split = 'rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] }';
  await writeFile(
    join(folder, 'project.yaml'),
    'project: acme/bench\nenvironments: { prod: { salt: "c07d2e" } }\n',
  );
  for (let at = 0; at < FLAGS; at++) {
    const targeting = ['serve: on', `${rule}\n    serve: off`, `${rule}\n    serve: off`, split][at % 4];
    const flag = `flag: flag-${at}\npermanent: true\ntype: boolean\nenvironments:\n  prod:\n    ${targeting}\n`;
    await writeFile(join(folder, `flag-${at}.yaml`), flag);
  }
}

async function answerOf(port: number, { path, body }: (typeof calls)[number]): Promise<string> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return (await fetch(`http://127.0.0.1:${port}${path}`, init)).text();
}

/** Rounds alternate and begin with another server each time; the first is a warm-up. */
async function measure(
  servers: Servers,
  load: (port: number) => Promise<Load>,
): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (let turn = 0; turn < kinds.length; turn++) {
      const kind = kinds[(turn + round) % kinds.length] as (typeof kinds)[number];
      const { port, cpuMicros } = servers[kind];
      const before = await cpuMicros();
      const result = { ...(await load(port)), cpuMicros: (await cpuMicros()) - before };
      if (round > 0) results.get(kind)?.push(result);
    }
  }
  return results;
}

/** Our figure, and theirs with how much of theirs ours is. */
function cells(results: Map<string, Round[]>, read: (round: Round) => number): string[] {
  const [ours = Number.NaN, ...theirs] = kinds.map((kind) => median((results.get(kind) ?? []).map(read)));
  return [ours.toFixed(0), ...theirs.map((value) => `${value.toFixed(0)} (${(ours / value).toFixed(2)})`)];
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const flags = join(folder, 'flags');
await mkdir(flags);
await writeFlags(flags);
const relay = await start('relay', flags);
const answers = Object.fromEntries(
  await Promise.all(calls.map(async (call) => [call.path, await answerOf(relay.port, call)] as const)),
);
const given = join(folder, 'answers.json');
await writeFile(given, JSON.stringify(answers));
const servers: Servers = { relay, node: await start('node', given), fastify: await start('fastify', given) };

const throughput: string[][] = [];
const latency: string[][] = [];
for (const call of calls) {
  const request = requestBytes(call.path, call.body);
  const bytes = `${call.body.length} B in, ${(answers[call.path] ?? '').length} B out`;
  const closed = await measure(servers, (port) => closedLoop(port, request, CONNECTIONS, ROUND_MS));
  throughput.push([
    `${call.name} (${bytes})`,
    ...cells(closed, ({ answers: count, seconds }) => count / seconds),
  ]);
  throughput.push(['  CPU per request, µs', ...cells(closed, (round) => round.cpuMicros / round.answers)]);
  throughput.push(['  p99, µs', ...cells(closed, ({ latencies }) => percentile(latencies, 0.99))]);
  const rate = call.name.startsWith('all') ? RATE / 4 : RATE;
  const open = await measure(servers, (port) => openLoop(port, request, rate, ROUND_MS));
  latency.push([
    `${call.name}, ${rate}/s: p50`,
    ...cells(open, ({ latencies }) => percentile(latencies, 0.5)),
  ]);
  latency.push(['  p99', ...cells(open, ({ latencies }) => percentile(latencies, 0.99))]);
}
for (const { stop } of Object.values(servers)) stop();
await rm(folder, { recursive: true });

const heads = ['relay', 'bare node:http', 'bare fastify'];
process.stdout.write(
  `HTTP: ${FLAGS} flags, the same bytes from each server; medians of ${ROUNDS} alternated rounds of ${ROUND_MS} ms;
in brackets, the relay's figure as a part of that server's. Generator: own, on plain sockets (test/bench/http-load.ts).

${table([[`requests per second, ${CONNECTIONS} connections`, ...heads], ...throughput])}

${table([['µs at a fixed rate (open loop)', ...heads], ...latency])}

`,
);
