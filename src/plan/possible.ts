// Whether anyone can be as some assumptions about conditions say. What is too hard to tell is possible.
import type { Attributes, Literal } from '../logic/literal.ts';
import { isSatisfiable } from '../logic/satisfiable.ts';
import type { Formula } from './formula.ts';

export interface Assumption {
  readonly formula: Formula;
  readonly holds: boolean;
}

/** Trials within one question. */
const MOST_TRIALS = 300;

/** What is known so far: tests and lists of units by their id. */
type Known = Map<number, { atom: Atom; holds: boolean }>;
type Atom = Extract<Formula, { kind: 'test' | 'units' }>;

export class Possible {
  readonly #attributes: Attributes;
  readonly #answers = new Map<string, boolean>();
  #trials = 0;

  /** `attributes`: as the project declares them. */
  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  /** False only where it is certain that nobody is so. */
  is(assumptions: readonly Assumption[]): boolean {
    const ids = assumptions.map(({ formula, holds }) => (holds ? formula.id : ~formula.id));
    const text = ids.sort((a, b) => a - b).join(' ');
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    this.#trials = 0;
    const answer = this.#search(assumptions, new Map(), []);
    this.#answers.set(text, answer);
    return answer;
  }

  /** Whether it follows from the assumptions. */
  follows({ formula, holds }: Assumption, assumptions: readonly Assumption[]): boolean {
    return !this.is([...assumptions, { formula, holds: !holds }]);
  }

  #search(todo: readonly Assumption[], known: Known, open: Assumption[][]): boolean {
    if (++this.#trials > MOST_TRIALS) return true;
    const before = known.size;
    const settled = settle(todo, known, open);
    if (settled === undefined) return false;
    if (known.size > before && !isSatisfiable(literals(known), this.#attributes)) return false;
    const [alternatives, ...rest] = settled;
    if (alternatives === undefined) return true;
    return alternatives.some((chosen, index) => {
      const refused = alternatives.slice(0, index).map(({ formula, holds }) => ({ formula, holds: !holds }));
      return this.#search([...refused, chosen], new Map(known), rest);
    });
  }
}

/**
 * What must hold, taken apart into tests and lists of units, which are added to `known`. Gives the choices that are
 * left: of each list one must hold. Undefined where there is a contradiction.
 */
function settle(
  todo: readonly Assumption[],
  known: Known,
  open: readonly Assumption[][],
): Assumption[][] | undefined {
  const waiting = [...todo];
  let choices = [...open];
  for (;;) {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { formula, holds } = next;
      if (formula.kind === 'not') waiting.push({ formula: formula.part, holds: !holds });
      else if (formula.kind === 'segment') waiting.push({ formula: formula.inner, holds });
      else if (formula.kind === 'test' || formula.kind === 'units') {
        const found = known.get(formula.id);
        if (found && found.holds !== holds) return undefined;
        known.set(formula.id, { atom: formula, holds });
      } else {
        const parts = formula.parts.map((part) => ({ formula: part, holds }));
        if ((formula.kind === 'and') === holds) waiting.push(...parts);
        else choices.push(parts);
      }
    }
    const left: Assumption[][] = [];
    for (const choice of choices) {
      const undecided = choice.filter(({ formula, holds }) => truthOf(formula, known) !== !holds);
      const [only] = undecided;
      if (only === undefined) return undefined;
      if (undecided.some(({ formula, holds }) => truthOf(formula, known) === holds)) continue;
      if (undecided.length === 1) waiting.push(only);
      else left.push(undecided);
    }
    choices = left;
    if (waiting.length === 0) return choices;
  }
}

/** Undefined where what is known does not tell. */
function truthOf(formula: Formula, known: Known): boolean | undefined {
  switch (formula.kind) {
    case 'test':
    case 'units':
      return known.get(formula.id)?.holds;
    case 'segment':
      return truthOf(formula.inner, known);
    case 'not': {
      const truth = truthOf(formula.part, known);
      return truth === undefined ? undefined : !truth;
    }
    default: {
      const decisive = formula.kind === 'or';
      let truth: boolean | undefined = !decisive;
      for (const part of formula.parts) {
        const found = truthOf(part, known);
        if (found === decisive) return decisive;
        if (found === undefined) truth = undefined;
      }
      return truth;
    }
  }
}

function literals(known: Known): Literal[] {
  return Array.from(known.values(), ({ atom, holds }): Literal => {
    if (atom.kind === 'test') return { kind: 'attribute', test: atom.test, holds };
    return { kind: 'units', unit: atom.unit, among: atom.among, holds };
  });
}
