// Reasoning about the conditions of one file: what is known of the project, and a budget.
import { Budget } from '../../logic/budget.ts';
import { type Claim, claim } from '../../logic/claim.ts';
import type { Attributes } from '../../logic/literal.ts';
import { isPossible, type Surroundings } from '../../logic/possible.ts';
import type { Condition } from '../../model/definitions.gen.ts';
import { DEFAULT_UNIT } from '../normal-form.ts';

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

  /** What would have to be declared otherwise for the claims to be possible; undefined where that is not known. */
  leansOn(claims: readonly Claim[]): 'values' | 'types' | undefined {
    const { attributes } = this.#around;
    if (!attributes) return undefined;
    const isPossibleGiven = (attributes: Attributes) =>
      isPossible(claims, { ...this.#around, attributes }, this.#budget) && !this.isDone;
    const anyValue = new Map(Array.from(attributes, ([name, { values: _, ...rest }]) => [name, rest]));
    if (isPossibleGiven(anyValue)) return 'values';
    const anything = new Map([...attributes].filter(([name]) => name === DEFAULT_UNIT));
    return isPossibleGiven(anything) ? 'types' : undefined;
  }
}
