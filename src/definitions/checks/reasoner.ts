// Reasoning about the conditions of one file: what is known of the project, and a budget.
import { Budget } from '../../logic/budget.ts';
import { type Claim, claim } from '../../logic/claim.ts';
import { isPossible, type Surroundings } from '../../logic/possible.ts';
import type { Condition } from '../../model/definitions.gen.ts';

export class Reasoner {
  readonly #around: Surroundings;
  readonly #budget: Budget;
  /** Conditions that were found to hold for someone. */
  readonly #holding = new Set<Condition>();

  /** `steps` bounds everything that is asked: what is asked after that is possible. */
  constructor(around: Surroundings, steps: number) {
    this.#around = around;
    this.#budget = new Budget(steps);
  }

  isPossible(claims: readonly Claim[]): boolean {
    const held = claims.flatMap((each) => (each.kind === 'condition' && each.holds ? [each.condition] : []));
    const [only] = held;
    if (claims.length === 1 && only && this.#holding.has(only)) return true;
    const isIt = isPossible(claims, this.#around, this.#budget);
    if (isIt) for (const condition of held) this.#holding.add(condition);
    return isIt;
  }

  /** No more is found out. */
  get isDone(): boolean {
    return this.#budget.isUsedUp;
  }

  holdsForSome(condition: Condition): boolean {
    return this.isPossible([claim(condition, true)]);
  }

  /** Some of the claims that cannot be beside what is given either, and of which none can be left out. */
  fewest(given: readonly Claim[], claims: readonly Claim[]): readonly Claim[] {
    const one = claims.find((each) => !this.isPossible([...given, each]));
    if (one) return [one];
    return claims.reduceRight((kept, each) => {
      const others = kept.filter((other) => other !== each);
      return this.isPossible([...given, ...others]) ? kept : others;
    }, claims);
  }

  /** Whether it would be possible if attributes had other values of their types than the declared ones. Certain if so. */
  leansOnValues(claims: readonly Claim[]): boolean {
    const { attributes } = this.#around;
    if (!attributes) return false;
    const anyValue = new Map(Array.from(attributes, ([name, { values: _, ...rest }]) => [name, rest]));
    const isIt = isPossible(claims, { ...this.#around, attributes: anyValue }, this.#budget);
    return isIt && !this.isDone;
  }
}
