// Who a case is about, in the fewest words: what follows from the rest is left out.
import { conditionText, type Personal } from '../changes/value-text.ts';
import { bounded } from '../lib/bounded.ts';
import type { Attributes } from '../logic/literal.ts';
import type { Scalar } from '../model/definitions.gen.ts';
import { attributesIn, type Formula, type Formulas } from './formula.ts';
import { type Assumption, idOf, type Possible } from './possible.ts';

export interface Wording {
  readonly formulas: Formulas;
  readonly possible: Possible;
  readonly attributes: Attributes;
  readonly personal: Personal;
}

/** `country eq US and not segment staff`; empty for everyone. Personal values are hidden. */
export function caseText(assumptions: readonly Assumption[], wording: Wording): string {
  const left = inFewestWords(assumptions, wording);
  const [positive, negative] = [left.filter(({ holds }) => holds), left.filter(({ holds }) => !holds)];
  return bounded([...positive, ...negative].map((part) => assumptionText(part, wording)).join(' and '));
}

/** Assumptions that say the same of whoever there can be. */
export function inFewestWords(assumptions: readonly Assumption[], wording: Wording): Assumption[] {
  const { possible } = wording;
  const parts = assumptions.flatMap((each) => partsOf(each));
  const merged = mergeValues([...new Map(parts.map((part) => [idOf([part]), part])).values()], wording);
  const left = withoutImplied(merged, possible);
  for (const [index, part] of left.entries())
    left[index] = shortened(part, left.toSpliced(index, 1), wording);
  return left;
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
    case 'units':
      return unitsText(formula, true);
    case 'segment':
      return [`segment ${formula.key}`, ...sideText(wording.formulas.sideOf(formula))].join(' ');
    case 'not':
      if (formula.part.kind === 'units') return unitsText(formula.part, false);
      return `not ${grouped(formula.part, wording)}`;
    case 'and':
    case 'or':
      if (formula.parts.length === 0) return formula.kind === 'and' ? 'anyone' : 'no one';
      return formula.parts.map((part) => grouped(part, wording)).join(` ${formula.kind} `);
  }
}

function unitsText({ unit, among, label }: Extract<Formula, { kind: 'units' }>, isAmong: boolean): string {
  const not = isAmong ? '' : 'not ';
  if (among.length === 1) return `${unit} is ${not}the one unit ${label}`;
  return `${unit} ${not}among the ${among.length.toLocaleString('en')} units ${label}`;
}

function grouped(formula: Formula, wording: Wording): string {
  const text = phrase(formula, wording);
  return formula.kind === 'and' || formula.kind === 'or' ? `(${text})` : text;
}

/** A segment that changes is one thing before and another one after. */
function sideText(when: 'before' | 'after' | undefined): string[] {
  return when === undefined ? [] : [`(${when} the change)`];
}

/** What must hold altogether, each by itself. */
function partsOf({ formula, holds }: Assumption): Assumption[] {
  if (formula.kind === 'not') return partsOf({ formula: formula.part, holds: !holds });
  if ((formula.kind === 'and' && holds) || (formula.kind === 'or' && !holds))
    return formula.parts.flatMap((part) => partsOf({ formula: part, holds }));
  return [{ formula, holds }];
}

/** First of what does not hold, then of what does, as long as the rest says it too. */
function withoutImplied(parts: readonly Assumption[], possible: Possible): Assumption[] {
  let left = [...parts];
  for (const part of [...parts.filter(({ holds }) => !holds), ...parts.filter(({ holds }) => holds)]) {
    const rest = left.filter((each) => each !== part);
    if (isImplied(part, rest, possible)) left = rest;
  }
  return left;
}

/** Notes the attributes that are taken for no lists by it. */
function isImplied(part: Assumption, others: readonly Assumption[], possible: Possible): boolean {
  if (!possible.follows(part, others)) return false;
  if (!possible.followsWithLists(part, others))
    for (const attribute of attributesIn(part.formula)) possible.takenAsSingle.add(attribute);
  return true;
}

/** `not (a and b)` where a holds anyway is `not b`; `a or b` where a cannot be is `b`. */
function shortened(
  part: Assumption,
  others: readonly Assumption[],
  { formulas, possible }: Wording,
): Assumption {
  const { formula, holds } = part;
  if (formula.kind !== 'and' && formula.kind !== 'or') return part;
  const isIdle = (inner: Formula) => isImplied({ formula: inner, holds: !holds }, others, possible);
  const left = formula.parts.filter((inner) => !isIdle(inner));
  return left.length === 0 ? part : { formula: formulas[formula.kind](left), holds };
}

/** Equalities of one attribute that is no list, as one: in [US, CA], but not US, is CA. */
function mergeValues(parts: readonly Assumption[], { formulas, attributes }: Wording): Assumption[] {
  const attributeOf = ({ formula }: Assumption) => {
    const attribute = equality(formula)?.attribute;
    return attribute !== undefined && attributes?.get(attribute)?.list === undefined ? attribute : undefined;
  };
  const merged = new Map<Assumption, Assumption | undefined>();
  for (const [attribute, same] of Map.groupBy(parts, attributeOf)) {
    const [first, ...others] = same.toSorted((a, b) => Number(b.holds) - Number(a.holds));
    if (attribute === undefined || !attributes?.has(attribute) || !first?.holds || others.length === 0)
      continue;
    let values = equality(first.formula)?.values ?? [];
    for (const { formula, holds } of others) {
      const named = new Set(equality(formula)?.values);
      values = values.filter((value) => named.has(value) === holds);
    }
    if (values.length === 0) continue;
    for (const each of same) merged.set(each, undefined);
    merged.set(first, { formula: equalTo(attribute, values, formulas), holds: true });
  }
  return parts.flatMap((part) => (merged.has(part) ? (merged.get(part) ?? []) : part));
}

function equalTo(attribute: string, values: Scalar[], formulas: Formulas): Formula {
  const [value, ...more] = values;
  if (value !== undefined && more.length === 0) return formulas.test({ attribute, operator: 'eq', value });
  return formulas.test({ attribute, operator: 'in', value: values });
}

function equality(formula: Formula): { attribute: string; values: Scalar[] } | undefined {
  if (formula.kind !== 'test') return undefined;
  const { attribute, operator, value, ignore_case } = formula.test;
  if ((operator !== 'eq' && operator !== 'in') || ignore_case || value === undefined) return undefined;
  return { attribute, values: Array.isArray(value) ? value : [value] };
}
