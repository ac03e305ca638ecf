// Who a case is about, in the fewest words: what follows from the rest is left out.
import { conditionText, type Personal } from '../changes/value-text.ts';
import { bounded } from '../lib/bounded.ts';
import type { Attributes } from '../logic/literal.ts';
import type { Scalar } from '../model/definitions.gen.ts';
import type { Formula, Formulas } from './formula.ts';
import type { Assumption, Possible } from './possible.ts';

export interface Wording {
  readonly formulas: Formulas;
  readonly possible: Possible;
  readonly attributes: Attributes;
  readonly personal: Personal;
}

/** `country eq US and not segment staff`; empty for everyone. Personal values are hidden. */
export function caseText(assumptions: readonly Assumption[], wording: Wording): string {
  const { possible } = wording;
  const parts = assumptions.flatMap((each) => partsOf(each, wording.formulas));
  const merged = mergeValues([...new Map(parts.map((part) => [idOf(part), part])).values()], wording);
  const left = withoutImplied(merged, possible);
  for (const [index, part] of left.entries())
    left[index] = shortened(part, left.toSpliced(index, 1), wording);
  const [positive, negative] = [left.filter(({ holds }) => holds), left.filter(({ holds }) => !holds)];
  return bounded([...positive, ...negative].map((part) => assumptionText(part, wording)).join(' and '));
}

/** A formula in words, as `conditionText` has them. */
export function formulaText(formula: Formula, wording: Wording): string {
  return bounded(phrase(formula, wording));
}

function assumptionText({ formula, holds }: Assumption, wording: Wording): string {
  return grouped(holds ? formula : wording.formulas.not(formula), wording);
}

function phrase(formula: Formula, wording: Wording): string {
  switch (formula.kind) {
    case 'test':
      return conditionText(formula.test, wording.personal);
    case 'units': {
      const count = formula.among.length;
      return `${count === 1 ? 'the one unit' : `one of the ${count.toLocaleString('en')} units`} ${formula.label}`;
    }
    case 'segment':
      // A segment that differs from before to after is no word for both.
      return wording.formulas.hasTwoMeanings(formula.key)
        ? phrase(formula.inner, wording)
        : `segment ${formula.key}`;
    case 'not':
      return `not ${grouped(formula.part, wording)}`;
    case 'and':
    case 'or':
      if (formula.parts.length === 0) return formula.kind === 'and' ? 'anyone' : 'no one';
      return formula.parts.map((part) => grouped(part, wording)).join(` ${formula.kind} `);
  }
}

function grouped(formula: Formula, wording: Wording): string {
  const text = phrase(formula, wording);
  const shown =
    formula.kind === 'segment' && wording.formulas.hasTwoMeanings(formula.key) ? formula.inner : formula;
  return shown.kind === 'and' || shown.kind === 'or' ? `(${text})` : text;
}

/** What must hold altogether, each by itself. */
function partsOf({ formula, holds }: Assumption, formulas: Formulas): Assumption[] {
  if (formula.kind === 'not') return partsOf({ formula: formula.part, holds: !holds }, formulas);
  if (formula.kind === 'segment' && formulas.hasTwoMeanings(formula.key))
    return partsOf({ formula: formula.inner, holds }, formulas);
  if ((formula.kind === 'and' && holds) || (formula.kind === 'or' && !holds))
    return formula.parts.flatMap((part) => partsOf({ formula: part, holds }, formulas));
  return [{ formula, holds }];
}

/** First of what does not hold, then of what does, as long as the rest says it too. */
function withoutImplied(parts: readonly Assumption[], possible: Possible): Assumption[] {
  let left = [...parts];
  for (const part of [...parts.filter(({ holds }) => !holds), ...parts.filter(({ holds }) => holds)]) {
    const rest = left.filter((each) => each !== part);
    if (possible.follows(part, rest)) left = rest;
  }
  return left;
}

/** `not (a and b)` where a holds anyway is `not b`; `a or b` where a cannot be is `b`. */
function shortened(
  part: Assumption,
  others: readonly Assumption[],
  { formulas, possible }: Wording,
): Assumption {
  const { formula, holds } = part;
  if (formula.kind !== 'and' && formula.kind !== 'or') return part;
  const isIdle = (inner: Formula) => possible.follows({ formula: inner, holds: !holds }, others);
  const left = formula.parts.filter((inner) => !isIdle(inner));
  return left.length === 0 ? part : { formula: formulas[formula.kind](left), holds };
}

/** Equalities of one attribute that is no list, as one: in [US, CA], but not US, is CA. */
function mergeValues(parts: readonly Assumption[], { formulas, attributes }: Wording): Assumption[] {
  const byAttribute = Map.groupBy(parts, ({ formula }) => {
    const equal = equality(formula);
    const declared = equal && attributes?.get(equal.attribute);
    return declared && !declared.list ? equal.attribute : undefined;
  });
  return [...byAttribute].flatMap(([attribute, same]) => {
    const positive = same.filter(({ holds }) => holds);
    if (attribute === undefined || positive.length === 0 || same.length === 1) return same;
    let values: Scalar[] | undefined;
    for (const { formula, holds } of [...positive, ...same.filter((each) => !each.holds)]) {
      const named = new Set(equality(formula)?.values);
      values = values === undefined ? [...named] : values.filter((value) => named.has(value) === holds);
    }
    const [only, ...more] = values ?? [];
    if (only === undefined) return same;
    const value = more.length === 0 ? only : [only, ...more];
    return [
      {
        formula: formulas.test({ attribute, operator: more.length === 0 ? 'eq' : 'in', value }),
        holds: true,
      },
    ];
  });
}

function equality(formula: Formula): { attribute: string; values: Scalar[] } | undefined {
  if (formula.kind !== 'test') return undefined;
  const { attribute, operator, value, ignore_case } = formula.test;
  if ((operator !== 'eq' && operator !== 'in') || ignore_case || value === undefined) return undefined;
  return { attribute, values: Array.isArray(value) ? value : [value] };
}

function idOf({ formula, holds }: Assumption): number {
  return holds ? formula.id : ~formula.id;
}
