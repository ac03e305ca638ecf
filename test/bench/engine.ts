// The engine against seven others on the same logical flags: nanoseconds per evaluation, and how many times ours.
import type { Engine } from './engine-peer.ts';
import { prepareAll, type Row, rows } from './engine-rows.ts';
import { allEngines } from './engines.ts';
import { median, table } from './report.ts';

const WARM_UP = 5;
const ROUNDS = 25;
const ROUND_MS = 20;

/** Nanoseconds per evaluation over about `ROUND_MS`. */
async function time(row: Row, engine: Engine, prepared: readonly unknown[]): Promise<number> {
  const start = performance.now();
  let runs = 0;
  do {
    const on = row.run(engine, prepared);
    if (typeof on !== 'number') await on;
    runs++;
  } while (performance.now() - start < ROUND_MS);
  return ((performance.now() - start) * 1e6) / (runs * prepared.length * row.each);
}

/** Rounds alternate, and start with another engine each time. */
async function medians(row: Row, engines: readonly Engine[]): Promise<number[]> {
  const prepared = await prepareAll(row, engines);
  const rounds = new Map<Engine, number[]>(engines.map((engine) => [engine, []]));
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (let turn = 0; turn < engines.length; turn++) {
      const engine = engines[(turn + round) % engines.length] as Engine;
      const ns = await time(row, engine, prepared.get(engine) ?? []);
      if (round >= WARM_UP) rounds.get(engine)?.push(ns);
    }
  }
  return engines.map((engine) => median(rounds.get(engine) ?? []));
}

const engines = await allEngines();
const lines: string[][] = [];
for (const row of rows) {
  const [ours = Number.NaN, ...others] = await medians(row, engines);
  const theirs = others.map((ns) => `${ns.toFixed(0)} (${(ns / ours).toFixed(1)}x)`);
  lines.push([row.name, ours.toFixed(0), ...theirs]);
}
const heads = ['ns per evaluation', ...engines.map(({ name }) => name)];
process.stdout.write(
  `Engine: 1,000 flags loaded; medians of ${ROUNDS} alternated rounds; in brackets, how many times ours.\n\n${table([heads, ...lines])}\n\n`,
);
for (const engine of engines) engine.close?.();
