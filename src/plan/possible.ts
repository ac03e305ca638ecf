// Whether anyone can be as some assumptions about conditions say. What is too hard to tell is possible.
import { Budget } from '../logic/budget.ts';
import type { Claim } from '../logic/claim.ts';
import type { Attributes, Declared } from '../logic/literal.ts';
import { isPossible } from '../logic/possible.ts';
import type { Formula } from './formula.ts';

export interface Assumption {
  readonly formula: Formula;
  readonly holds: boolean;
}

/** For one question. */
const STEPS = 20_000;

export class Possible {
  readonly #attributes: Attributes;
  /** Without declarations: that each attribute holds one value, whatever its type is. */
  readonly #single = new Map<string, Declared>();
  readonly #takenAsSingle = new Set<string>();
  readonly #answers = new Map<string, boolean>();
  readonly #claims = new Map<number, Claim>();

  /**
   * `attributes`: as the project declares them. Where it declares none, an attribute is taken to hold one value and no
   * list: else no two equalities would exclude each other. See `takenAsSingle`.
   */
  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  /** False only where it is certain that nobody is so. */
  is(assumptions: readonly Assumption[]): boolean {
    const id = idOf(assumptions);
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer =
      !contradict(assumptions) && this.#ask(this.#claimsOf(assumptions), this.#attributes ?? this.#single);
    this.#answers.set(id, answer);
    return answer;
  }

  /** Whether it follows from the assumptions. */
  follows({ formula, holds }: Assumption, assumptions: readonly Assumption[]): boolean {
    return !this.is([...assumptions, { formula, holds: !holds }]);
  }

  /** As `is`, where attributes that are not declared may hold lists. */
  isWithLists(assumptions: readonly Assumption[]): boolean {
    if (this.#attributes || this.is(assumptions)) return this.is(assumptions);
    return this.#ask(this.#claimsOf(assumptions), undefined);
  }

  /** As `follows`, where attributes that are not declared may hold lists. */
  followsWithLists({ formula, holds }: Assumption, assumptions: readonly Assumption[]): boolean {
    return !this.isWithLists([...assumptions, { formula, holds: !holds }]);
  }

  /** Whether nothing is declared, so that an attribute may hold a list. */
  get mayBeLists(): boolean {
    return this.#attributes === undefined;
  }

  /** Undeclared attributes that make a difference by being taken for no lists. Whoever looks for one adds it. */
  get takenAsSingle(): Set<string> {
    return this.#takenAsSingle;
  }

  #claimsOf(assumptions: readonly Assumption[]): Claim[] {
    return assumptions.map(({ formula, holds }) => this.#claim(formula, holds));
  }

  #ask(claims: readonly Claim[], attributes: Attributes): boolean {
    // Segments are written out in formulas.
    return isPossible(claims, { attributes, segment: () => undefined }, new Budget(STEPS));
  }

  #claim(formula: Formula, holds: boolean): Claim {
    const id = signed({ formula, holds });
    const made = this.#claims.get(id) ?? this.#make(formula, holds);
    this.#claims.set(id, made);
    return made;
  }

  #make(formula: Formula, holds: boolean): Claim {
    switch (formula.kind) {
      case 'test':
        this.#single.set(formula.test.attribute, {});
        return { kind: 'attribute', test: formula.test, holds };
      case 'units':
        this.#single.set(formula.unit, {});
        return { kind: 'units', unit: formula.unit, among: formula.among, holds };
      case 'segment':
        return this.#claim(formula.inner, holds);
      case 'not':
        return this.#claim(formula.part, !holds);
      case 'and':
      case 'or': {
        const claims = formula.parts.map((part) => this.#claim(part, holds));
        return { kind: (formula.kind === 'and') === holds ? 'all' : 'any', claims };
      }
    }
  }
}

/** Whether one condition must hold and not hold: seen before anything is reasoned about, however long its lists are. */
function contradict(assumptions: readonly Assumption[]): boolean {
  const known = new Map<number, boolean>();
  const waiting = [...assumptions];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { formula, holds } = next;
    const before = known.get(formula.id);
    if (before !== undefined && before !== holds) return true;
    if (before !== undefined) continue;
    known.set(formula.id, holds);
    if (formula.kind === 'not') waiting.push({ formula: formula.part, holds: !holds });
    else if (formula.kind === 'segment') waiting.push({ formula: formula.inner, holds });
    else if ((formula.kind === 'and' && holds) || (formula.kind === 'or' && !holds))
      waiting.push(...formula.parts.map((part) => ({ formula: part, holds })));
  }
  return false;
}

/** Names a list of assumptions, in whatever order. */
export function idOf(assumptions: readonly Assumption[]): string {
  const ids = assumptions.map(signed);
  return ids.sort((a, b) => a - b).join(' ');
}

function signed({ formula, holds }: Assumption): number {
  return holds ? formula.id : ~formula.id;
}
