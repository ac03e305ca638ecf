// What the engines are asked: the rows of the engine's bench, with the answers that all must give.
import { type BenchContext, type Engine, TEN, TWENTY } from './engine-peer.ts';

export interface Row {
  name: string;
  contexts: BenchContext[];
  /** Evaluates once for each prepared context, and says how many are on. */
  run(engine: Engine, prepared: readonly unknown[]): number | Promise<number>;
  /** Evaluations per context. */
  each: number;
  /** The share that is on: exact, but for a rollout, where each engine has its own hash. */
  on: number;
  tolerance: number;
}

const UNITS = 10_000;

function contexts(count: number, attributes: (i: number) => { [name: string]: string }): BenchContext[] {
  return Array.from({ length: count }, (_, i) => ({
    targetingKey: `user-${i}`,
    email: `user-${i}@example.com`,
    ...attributes(i),
  }));
}

function one(flag: string, name: string, list: BenchContext[], on: number, tolerance = 0): Row {
  const run = (engine: Engine, prepared: readonly unknown[]) => {
    let count = 0;
    for (const context of prepared) if (engine.isOn(flag, context)) count++;
    return count;
  };
  return { name, contexts: list, run, each: 1, on, tolerance };
}

const inHalf = (i: number) => ({ country: i % 2 === 0 ? (TWENTY[i % 20] ?? '') : `elsewhere-${i % 7}` });
export const rows: Row[] = [
  one('on', 'boolean on', contexts(1000, inHalf), 1),
  one('list', 'attribute in a list of 20', contexts(1000, inHalf), 0.5),
  one('rollout', '50/50 rollout, 10,000 units', contexts(UNITS, inHalf), 0.5, 0.03),
  one(
    'ten-values',
    'ten rules on one attribute, the last matches',
    contexts(1000, () => ({ plan: 'plan-9' })),
    1,
  ),
  one(
    'ten-attributes',
    'ten rules on ten attributes, the last matches',
    contexts(1000, () => Object.fromEntries(TEN.map((i) => [`attribute${i}`, i === 9 ? 'yes' : 'no']))),
    1,
  ),
  {
    name: 'all 1,000 flags for one context, per flag',
    contexts: contexts(4, (i) => ({ country: i % 2 === 0 ? 'country-3' : 'elsewhere' })),
    run: async (engine, prepared) => {
      let count = 0;
      for (const context of prepared) count += await engine.countOn(context);
      return count;
    },
    each: 1000,
    on: 0.5,
    tolerance: 0.002,
  },
];

/** Each engine's own contexts. All engines must agree before any is measured. */
export async function prepareAll(row: Row, engines: readonly Engine[]): Promise<Map<Engine, unknown[]>> {
  const prepared = new Map(
    engines.map((engine) => [engine, row.contexts.map((context) => engine.prepare(context))]),
  );
  for (const engine of engines) {
    const on = await row.run(engine, prepared.get(engine) ?? []);
    const share = on / (row.contexts.length * row.each);
    if (Math.abs(share - row.on) <= row.tolerance) continue;
    throw new Error(`${engine.name} answers ${share} of "${row.name}" with on, and not ${row.on}`);
  }
  return prepared;
}
