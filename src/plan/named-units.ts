// Units that definitions name one by one: their real buckets can be counted.
import { unitOf } from '../engine/subject.ts';
import type { Comparison } from './comparison.ts';
import type { Formula } from './formula.ts';
import type { Assumption } from './possible.ts';

/** The units of an attribute that are left under the assumptions; undefined where they are not named. */
export function namedUnits(assumptions: readonly Assumption[], attribute: string): string[] | undefined {
  let named: Set<string> | undefined;
  const refused = new Set<string>();
  const waiting = [...assumptions];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { formula, holds } = next;
    if (formula.kind === 'test' || formula.kind === 'units') {
      const units = unitsIn(formula, attribute);
      if (!units) continue;
      if (holds) named = new Set(named ? [...named].filter((unit) => units.has(unit)) : units);
      else if (formula.kind === 'units') for (const unit of units) refused.add(unit);
    } else if (formula.kind === 'not') waiting.push({ formula: formula.part, holds: !holds });
    else if (formula.kind === 'segment') waiting.push({ formula: formula.inner, holds });
    else if ((formula.kind === 'and') === holds)
      waiting.push(...formula.parts.map((part) => ({ formula: part, holds })));
  }
  return named && [...named].filter((unit) => !refused.has(unit)).sort();
}

function unitsIn(
  formula: Extract<Formula, { kind: 'test' | 'units' }>,
  attribute: string,
): Set<string> | undefined {
  if (formula.kind === 'units') return formula.unit === attribute ? new Set(formula.among) : undefined;
  const { attribute: tested, operator, value, ignore_case } = formula.test;
  if (tested !== attribute || (operator !== 'eq' && operator !== 'in') || ignore_case || value === undefined)
    return undefined;
  const values = Array.isArray(value) ? value : [value];
  return new Set(values.flatMap((each) => unitOf(each) ?? []));
}

/** The units that are new or gone in a segment's lists, by segment. */
export function relistedUnits({ before, after, tools }: Comparison): Formula[] {
  return [...after.side.bodies].flatMap(([key, is]) => {
    const was = before.side.bodies.get(key);
    if (!was || was === is || was.unit !== is.unit) return [];
    const units = [...differing(was.include, is.include), ...differing(was.exclude, is.exclude)];
    const label = `new or gone in the lists of segment ${key}`;
    return units.length === 0 ? [] : [tools.formulas.units(is.unit, units, label)];
  });
}

function differing(was: readonly string[] = [], is: readonly string[] = []): string[] {
  const [before, after] = [new Set(was), new Set(is)];
  return [...was.filter((unit) => !after.has(unit)), ...is.filter((unit) => !before.has(unit))];
}
