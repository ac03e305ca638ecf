// Whether anyone can be as some assumptions about conditions say. What is too hard to tell is possible.
import { Budget } from '../logic/budget.ts';
import type { Claim } from '../logic/claim.ts';
import type { Attributes } from '../logic/literal.ts';
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
  readonly #answers = new Map<string, boolean>();
  readonly #claims = new Map<number, Claim>();

  /** `attributes`: as the project declares them. */
  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  /** False only where it is certain that nobody is so. */
  is(assumptions: readonly Assumption[]): boolean {
    const id = idOf(assumptions);
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const claims = assumptions.map(({ formula, holds }) => this.#claim(formula, holds));
    // Segments are written out in formulas.
    const around = { attributes: this.#attributes, segment: () => undefined };
    const answer = isPossible(claims, around, new Budget(STEPS));
    this.#answers.set(id, answer);
    return answer;
  }

  /** Whether it follows from the assumptions. */
  follows({ formula, holds }: Assumption, assumptions: readonly Assumption[]): boolean {
    return !this.is([...assumptions, { formula, holds: !holds }]);
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
        return { kind: 'attribute', test: formula.test, holds };
      case 'units':
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

/** Names a list of assumptions, in whatever order. */
export function idOf(assumptions: readonly Assumption[]): string {
  const ids = assumptions.map(signed);
  return ids.sort((a, b) => a - b).join(' ');
}

function signed({ formula, holds }: Assumption): number {
  return holds ? formula.id : ~formula.id;
}
