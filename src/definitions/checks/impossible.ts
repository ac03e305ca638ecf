// Conditions that can never hold: the smallest part of a tree that cannot, by itself or beside what is asked with it.

import { ticked } from '../../lib/printable.ts';
import { type Claim, claim } from '../../logic/claim.ts';
import type { Condition } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { conditionText } from './condition-text.ts';
import type { Reasoner } from './reasoner.ts';

/**
 * Findings about a tree of conditions. A single test that can never hold is looked for elsewhere, and a segment in which
 * nobody is has its finding where it is defined.
 */
export function impossibleParts(
  root: Condition,
  path: Path,
  reasoner: Reasoner,
  personal: ReadonlySet<string>,
): Finding[] {
  const search = new ImpossibleParts(reasoner, personal);
  search.look(root, path, []);
  return search.findings;
}

class ImpossibleParts {
  readonly findings: Finding[] = [];
  readonly #reasoner: Reasoner;
  readonly #personal: ReadonlySet<string>;

  constructor(reasoner: Reasoner, personal: ReadonlySet<string>) {
    this.#reasoner = reasoner;
    this.#personal = personal;
  }

  /** `given` is possible, and asked for wherever the condition is. */
  look(condition: Condition, path: Path, given: readonly Claim[]): void {
    if (this.#reasoner.isDone) return;
    if ('and' in condition) this.#lookInAnd(condition, path, given);
    else if ('or' in condition) this.#lookInOr(condition, path, given);
    else {
      if ('not' in condition && !isLeaf(condition.not)) this.look(condition.not, [...path, 'not'], []);
      if (given.length > 0 || 'not' in condition) this.#reportUnlessPossible(condition, path, given);
    }
  }

  #lookInAnd(condition: { and: Condition[] }, path: Path, given: readonly Claim[]): void {
    const isPossible = this.#reasoner.isPossible([...given, claim(condition, true)]);
    if (isPossible && condition.and.every(isLeaf)) return;
    const claims = condition.and.map((part) => claim(part, true));
    const placed = condition.and.map((part, i) => ({ part, path: [...path, 'and', i] }));
    if (isPossible) {
      // All together can be: what can not is a way that an inner `or` leaves open, or what a `not` negates.
      for (const [i, { part, path }] of placed.entries()) {
        if (!isLeaf(part)) this.look(part, path, [...given, ...claims.filter((_, other) => other !== i)]);
      }
      return;
    }
    const known = [...given];
    for (const { part, path } of placed) {
      if (!this.#reasoner.isPossible([...known, claim(part, true)])) {
        this.look(part, path, known);
        return;
      }
      known.push(claim(part, true));
    }
  }

  #lookInOr(condition: { or: Condition[] }, path: Path, given: readonly Claim[]): void {
    const isItself = given.length > 0 && this.#reasoner.holdsForSome(condition);
    if (isItself && this.#reportUnlessPossible(condition, path, given)) return;
    for (const [i, part] of condition.or.entries()) this.look(part, [...path, 'or', i], given);
  }

  #reportUnlessPossible(condition: Condition, path: Path, given: readonly Claim[]): boolean {
    const made = claim(condition, true);
    if (this.#reasoner.isPossible([...given, made])) return false;
    const isAlone = !this.#reasoner.isPossible([made]);
    if (isAlone && 'not' in condition) this.findings.push(negationFinding(path));
    if (!isAlone) this.findings.push(this.#findingBeside(condition, path, given));
    return true;
  }

  #findingBeside(condition: Condition, path: Path, given: readonly Claim[]): Finding {
    const made = claim(condition, true);
    const partner = given.findLast((other) => !this.#reasoner.isPossible([other, made]));
    const asked = partner?.kind === 'condition' ? partner.condition : undefined;
    const finding = {
      code: 'never-holds' as const,
      path: placeOf(condition, path),
      hint: `Correct one of the ${asked ? 'two' : 'conditions'}, join them by \`or\`, or remove one.`,
    };
    if (!asked)
      return { ...finding, message: 'No context fulfils this and all that is asked for beside it.' };
    const isOneAttribute =
      'attribute' in asked && 'attribute' in condition && asked.attribute === condition.attribute;
    const whose = isOneAttribute ? `value of ${ticked(asked.attribute)}` : 'context';
    const name = conditionText(asked, this.#personal);
    return {
      ...finding,
      message: `No ${whose} fulfils both this and ${name}, which is asked for beside it.`,
    };
  }
}

function negationFinding(path: Path): Finding {
  return {
    code: 'never-holds',
    path,
    message: 'No context fulfils this: what it negates always holds.',
    hint: 'Correct what is negated, or remove the whole.',
  };
}

/** A test of an attribute, or a segment. */
export function isLeaf(condition: Condition): boolean {
  return 'attribute' in condition || 'segment' in condition;
}

/** Points at what differs from condition to condition. */
function placeOf(condition: Condition, path: Path): Path {
  if ('segment' in condition) return [...path, 'segment'];
  return 'attribute' in condition && condition.value !== undefined ? [...path, 'value'] : path;
}
