// A body of another shape than its kind has, wherever it stands: it is refused by name, or an error of its flag alone.
import { expect, test } from 'vitest';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { CompileError } from '../../src/engine/compile-error.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import type { EnvironmentDefinition, Snapshot } from '../../src/model/snapshot.ts';
import { full } from '../support/full-snapshot.ts';

const SHAPES = [null, 5, 'x', false, [], [null], [{}], { a: null }];
const TIMES = ['2025-06-01T00:00:00Z', '2026-06-01T00:00:00Z'].map(Date.parse);
const CONTEXTS = [{}, { targetingKey: 'alice', country: 'US', a: 1 }];

/** The paths of all there is in a value, but for itself. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const own = [...path, name];
    return [own, ...pathsIn(child, own)];
  });
}

function withShape(index: number, path: readonly string[], shape: unknown): Snapshot {
  const changed = structuredClone(full);
  const row = changed.definitions[index] as EnvironmentDefinition;
  let place: unknown = row.body;
  for (const name of path.slice(0, -1)) place = (place as { [name: string]: unknown })[name];
  (place as { [name: string]: unknown })[path.at(-1) as string] = shape;
  row.digest = `${path.join()} ${JSON.stringify(shape)}`;
  return { ...changed, revision: full.revision + 1 };
}

/** Undefined where it does not compile, and says what does not. */
function attempted(make: () => Ruleset): Ruleset | undefined {
  try {
    return make();
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError);
    return undefined;
  }
}

function askAll(ruleset: Ruleset): void {
  for (const nowMs of TIMES) {
    for (const context of CONTEXTS) {
      const decisions = evaluateAll(ruleset, context, nowMs);
      for (const [at, flag] of [...ruleset.flags.keys()].entries())
        expect(explain(ruleset, flag, context, nowMs).decision).toEqual(decisions[at]);
    }
  }
}

const before = compile(full, { proven: 'nothing' });
const rows = full.definitions.map(({ kind, key, body }, index) => ({ name: `${kind} ${key}`, index, body }));

test.each(rows)('I3: $name of any shape', ({ index, body }) => {
  for (const path of pathsIn(body)) {
    for (const shape of SHAPES) {
      const snapshot = withShape(index, path, shape);
      for (const proven of ['nothing', before] as const) {
        const ruleset = attempted(() => compile(snapshot, { proven }));
        if (ruleset) askAll(ruleset);
      }
      const trusted = attempted(() => compile(snapshot, { proven: 'all' }));
      if (!trusted) continue;
      askAll(trusted);
      // Whatever it is, what follows it is judged by itself.
      expect(compile(full, { proven: trusted }).flags.size).toBe(before.flags.size);
    }
  }
});
