// What exposures cost an evaluation: without a collector, with one, and with a spool.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../src/engine/compile.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import { createLog } from '../../src/io/log.ts';
import { Exposures } from '../../src/relay/events/exposures.ts';
import { scopeOf } from '../../src/relay/events/scope.ts';
import { Units } from '../../src/relay/events/units.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';
import { type Forked, forked } from './forked.ts';
import { closedLoop, inTurn, openLoop, pooled, requestBytes } from './http-load.ts';
import { median, table } from './report.ts';

const ROUNDS = 9;
const CLOSED_MS = 600;
const OPEN_MS = 1_500;
const CONNECTIONS = 64;
const RATE = 2_000;
/** More than a round asks for. */
const UNITS = 100_000;

interface Round {
  perSecond: number;
  cpuMicros: number;
  latencies: Float64Array;
}

async function round({ url, cpuMicros }: Forked, users: readonly Buffer[]): Promise<Round> {
  const requests = inTurn(users);
  const port = Number(new URL(url).port);
  const open = await openLoop(port, requests, RATE, OPEN_MS);
  const before = await cpuMicros();
  const closed = await closedLoop(port, requests, CONNECTIONS, CLOSED_MS);
  await delivered(url);
  // What is delivered after the load belongs to it.
  const spent = (await cpuMicros()) - before;
  return {
    perSecond: closed.answers / closed.seconds,
    cpuMicros: spent / closed.answers,
    latencies: open.latencies,
  };
}

/** Resolves when nothing waits, so that no contender is measured beside what another one has still to deliver. */
async function delivered(url: string): Promise<void> {
  for (;;) {
    const { events } = (await (await fetch(`${url}/v1/status`)).json()) as { events?: { oldestMs?: number } };
    if (events?.oldestMs === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Nanoseconds for finding and offering what all of so many flags gave one caller, who was offered before. */
async function bulkNs(flags: number, experiments: number): Promise<number> {
  const keys = Array.from({ length: flags }, (_, at) => `flag-${String(at).padStart(5, '0')}`);
  const isTested = (at: number) => at % Math.floor(flags / experiments) === 0;
  const snapshot = snapshotOfBodies({
    flags: Object.fromEntries(
      keys.map((key, at) => [key, isTested(at) ? { fallthrough: { experiment: key } } : {}]),
    ),
    experiments: Object.fromEntries(keys.filter((_, at) => isTested(at)).map((key) => [key, { flag: key }])),
  });
  const ruleset = compile(snapshot);
  const scope = scopeOf({ snapshot, ruleset });
  const log = createLog({ service: 'relay', version: '0', level: 'silent' });
  const offers = new Exposures(await Units.open(undefined, log), { add: () => undefined }, () => undefined);
  const context = { targetingKey: 'user-4711' };
  const decisions = evaluateAll(ruleset, context, 0);
  const runs = 20_000;
  const offer = () => {
    for (let run = 0; run < runs; run++) offers.offerEvery(scope, decisions, context, 1_000);
  };
  offer();
  const started = performance.now();
  offer();
  return ((performance.now() - started) * 1e6) / runs;
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const files = {
  'project.yaml': 'project: acme/bench\nenvironments: { prod: { salt: "c07d2e" } }\n',
  'flag.yaml': `flag: flag\npermanent: true\ntype: boolean\nenvironments:\n  prod:\n    serve: off\n    rules:\n      - then: { experiment: layout }\n`,
  'layout.yaml': `experiment: layout\nflag: flag\nhypothesis: none\nowner: bench\nstatus: running\nenvironments: [prod]\ntraffic: 100\narms: [{ variation: off, weight: 50 }, { variation: on, weight: 50 }]\nmetrics: { primary: bought }\n`,
  'bought.yaml': `metric: bought\ndescription: Bought.\nevent: bought\ntype: binary\ndirection: increase\nwindow: 7d\n`,
};
await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
const spool = await mkdtemp(join(tmpdir(), 'halyard-bench-spool-'));
const collector = await forked('exposures-server.ts', ['collector']);
const contenders: [name: string, options: string[]][] = [
  ['off', []],
  ['off again', []],
  ['on', [collector.url]],
  ['on, spool', [collector.url, spool]],
];
const relays = await Promise.all(
  contenders.map(([, options]) => forked('exposures-server.ts', ['relay', folder, ...options])),
);
/** Who asks: units that no relay has seen before, or those that come again within the hour, as most do. */
const callers: { [name: string]: (round: number) => Buffer[] } = {
  'another unit each time': (round) => requestsOf(UNITS, (at) => `user-${round}-${at}`),
  'a thousand units that come again': () => requestsOf(UNITS, (at) => `user-${at % 1_000}`),
};

function requestsOf(count: number, unitAt: (at: number) => string): Buffer[] {
  return Array.from({ length: count }, (_, at) =>
    requestBytes('/v1/evaluate/flag', `{"context":{"targetingKey":"${unitAt(at)}","country":"US"}}`),
  );
}

/** Rounds alternate and begin with another relay each time; the first is a warm-up. */
async function measure(requestsAt: (round: number) => Buffer[]): Promise<Round[][]> {
  const results = relays.map((): Round[] => []);
  for (let n = 0; n <= ROUNDS; n++) {
    const requests = requestsAt(n);
    for (let turn = 0; turn < relays.length; turn++) {
      const at = (turn + n) % relays.length;
      const result = await round(relays[at] as Forked, requests);
      if (n > 0) results[at]?.push(result);
    }
  }
  return results;
}

/** Each figure, with how much of the first it is: the median over rounds, since what a machine does besides hits a whole round. */
function cells(results: Round[][], read: (result: Round) => number): string[] {
  return results.map((rounds, at) => {
    const ratio = median(rounds.map((one, n) => read(one) / read(results[0]?.[n] as Round)));
    const figure = median(rounds.map(read)).toFixed(0);
    return at === 0 ? figure : `${figure} (${ratio.toFixed(2)})`;
  });
}

/** Over all rounds together: what else the machine does makes the p99 of a single one. */
function latencyCells(results: Round[][], share: number): string[] {
  const all = results.map((rounds) =>
    pooled(
      rounds.map(({ latencies }) => latencies),
      share,
    ),
  );
  return all.map((figure, at) =>
    at === 0 ? figure.toFixed(0) : `${figure.toFixed(0)} (${(figure / (all[0] as number)).toFixed(2)})`,
  );
}

process.stdout.write(`Exposures: one flag a call, of a running experiment; medians of ${ROUNDS} alternated rounds, latencies those of all rounds together.
In brackets: as a part of the relay without a collector. The second one without shows the noise.\n\n`);
for (const [name, requestsAt] of Object.entries(callers)) {
  const results = await measure(requestsAt);
  const rows = [
    [name, ...contenders.map(([contender]) => contender)],
    [`requests per second, ${CONNECTIONS} connections`, ...cells(results, ({ perSecond }) => perSecond)],
    ['CPU per request, µs', ...cells(results, ({ cpuMicros }) => cpuMicros)],
    [`p50 at ${RATE}/s, µs`, ...latencyCells(results, 0.5)],
    [`p99 at ${RATE}/s, µs`, ...latencyCells(results, 0.99)],
  ];
  process.stdout.write(`${table(rows)}\n\n`);
}
for (const { stop } of [...relays, collector]) stop();
await rm(folder, { recursive: true });
await rm(spool, { recursive: true, force: true });

process.stdout.write(
  `Finding and offering the exposures of a call for 10,000 flags: ${(await bulkNs(10_000, 10)).toFixed(0)} ns where 10 give an arm, ${(await bulkNs(10_000, 1)).toFixed(0)} ns where one does.\n\n`,
);
