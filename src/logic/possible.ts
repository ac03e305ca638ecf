// Whether claims about a subject can all be true: a search through what is open, in the manner of Davis, Putnam, Logemann
// and Loveland (1962), that asks after each step whether the attributes can still be so.
import type { Budget } from './budget.ts';
import { type Claim, type SegmentLookUp, unfolded } from './claim.ts';
import type { Attributes, Literal } from './literal.ts';
import { attributeOf, holdsWhereMissing, isAttributePossible } from './satisfiable.ts';

/** What is known of a project. */
export interface Surroundings {
  attributes: Attributes;
  segment: SegmentLookUp;
}

interface KnownOfAttribute {
  name: string;
  /** What is assumed. */
  literals: Literal[];
  /** How many of them are true only where the attribute is there. Where none is, it may be missing. */
  presentCount: number;
}

/** Claims of which at least one is true. */
type Choice = readonly Claim[];

/**
 * False only where it is certain that no context makes all claims true (see `isSatisfiable`). Where the budget is used
 * up before that is known, they are possible.
 */
export function isPossible(claims: readonly Claim[], around: Surroundings, budget: Budget): boolean {
  const search = new Search(around, budget);
  const choices = search.assume(claims);
  return choices !== undefined && (search.tryFirst(choices) || search.settle(choices));
}

class Search {
  readonly #around: Surroundings;
  readonly #budget: Budget;
  readonly #known = new Map<string, KnownOfAttribute>();
  readonly #segments = new Map<string, boolean>();
  /** How to take back each assumption, the last one last. */
  readonly #trail: (() => void)[] = [];

  constructor(around: Surroundings, budget: Budget) {
    this.#around = around;
    this.#budget = budget;
  }

  /** Takes all claims for true. The choices that this leaves open, or undefined where it cannot be. */
  assume(claims: readonly Claim[]): Choice[] | undefined {
    const choices: Choice[] = [];
    const touched = new Set<KnownOfAttribute>();
    const waiting = [...claims];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (!this.#budget.spend(1)) return [];
      const isKnown = this.#noteSegment(next);
      if (isKnown === false) return undefined;
      if (isKnown) continue;
      const simple = unfolded(next, this.#around.segment);
      if (simple.kind === 'all') waiting.push(...simple.claims);
      else if (simple.kind !== 'any') touched.add(this.#note(simple));
      else if (simple.claims.length === 1) waiting.push(...simple.claims);
      else choices.push(simple.claims);
    }
    for (const { name, literals, presentCount } of touched) {
      if (presentCount === 0) continue;
      if (!this.#budget.spend(literals.length)) return [];
      const declaration = this.#around.attributes?.get(name);
      if (!isAttributePossible(literals, declaration, this.#budget)) return undefined;
    }
    return choices.some(({ length }) => length === 0) ? undefined : choices;
  }

  /** Whether the first way that is open in each choice leads through: nearly always, where there is any. */
  tryFirst(choices: readonly Choice[]): boolean {
    const mark = this.#trail.length;
    const open = [...choices];
    for (let choice = open.pop(); choice; choice = open.pop()) {
      const opened = this.#takeFirst(choice);
      if (opened) open.push(...opened);
      else {
        this.#takeBack(mark);
        return false;
      }
    }
    return true;
  }

  #takeFirst(choice: Choice): Choice[] | undefined {
    for (const alternative of choice) {
      const mark = this.#trail.length;
      const opened = this.assume([alternative]);
      if (opened) return opened;
      this.#takeBack(mark);
    }
    return undefined;
  }

  /** Whether each choice can be made. */
  settle(choices: readonly Choice[]): boolean {
    const open = [...choices];
    while (open.length > 0 && !this.#budget.isUsedUp) {
      const next = this.#narrowest(open);
      if (next.possible.length === 0) return false;
      open.splice(next.index, 1);
      const [only] = next.possible;
      if (next.possible.length > 1 || !only) return this.#anyOf(next.possible, open);
      open.push(...(this.assume([only]) ?? []));
    }
    return true;
  }

  #anyOf(possible: Choice, others: readonly Choice[]): boolean {
    return possible.some((alternative) => {
      const mark = this.#trail.length;
      const opened = this.assume([alternative]);
      const isPossible = opened !== undefined && this.settle([...others, ...opened]);
      this.#takeBack(mark);
      return isPossible;
    });
  }

  /** The choice that leaves least to try: none, or one, or (in the order they came) the first of those with more. */
  #narrowest(open: readonly Choice[]): { index: number; possible: Claim[] } {
    let narrowest = { index: 0, possible: [] as Claim[] };
    for (const [index, choice] of open.entries()) {
      const possible = choice.filter((alternative) => this.#isOpen(alternative));
      if (possible.length < 2) return { index, possible };
      if (index === 0 || possible.length < narrowest.possible.length) narrowest = { index, possible };
    }
    return narrowest;
  }

  #isOpen(alternative: Claim): boolean {
    const mark = this.#trail.length;
    const isOpen = this.assume([alternative]) !== undefined;
    this.#takeBack(mark);
    return isOpen;
  }

  /** Whether a segment's claim was assumed before (true), or its opposite was (false). */
  #noteSegment(made: Claim): boolean | undefined {
    if (made.kind !== 'condition' || !('segment' in made.condition)) return undefined;
    const key = made.condition.segment;
    const known = this.#segments.get(key);
    if (known !== undefined) return known === made.holds;
    this.#segments.set(key, made.holds);
    this.#trail.push(() => this.#segments.delete(key));
    return undefined;
  }

  #note(literal: Literal): KnownOfAttribute {
    const name = attributeOf(literal);
    const known = this.#known.get(name) ?? { name, literals: [], presentCount: 0 };
    if (known.literals.length === 0) this.#known.set(name, known);
    const isOfPresent = holdsWhereMissing(literal) ? 0 : 1;
    known.literals.push(literal);
    known.presentCount += isOfPresent;
    this.#trail.push(() => {
      known.literals.pop();
      known.presentCount -= isOfPresent;
    });
    return known;
  }

  #takeBack(mark: number): void {
    while (this.#trail.length > mark) this.#trail.pop()?.();
  }
}
