// Claims about a subject: conditions that hold or do not, and what each of them says in simpler ones.
import type { Condition } from '../model/definitions.gen.ts';
import type { SegmentBody } from '../model/snapshot.ts';
import type { Literal } from './literal.ts';

export type Claim =
  | Literal
  | { kind: 'condition'; condition: Condition; holds: boolean }
  | { kind: 'all'; claims: readonly Claim[] }
  | { kind: 'any'; claims: readonly Claim[] };

export type Unfolded = Exclude<Claim, { kind: 'condition' }>;

/** The body of a segment; undefined for one of which nothing is known. */
export type SegmentLookUp = (key: string) => SegmentBody | undefined;

export function claim(condition: Condition, holds: boolean): Claim {
  return { kind: 'condition', condition, holds };
}

/** The same claim by what it is made of: a literal, or other claims. Of an unknown segment nothing follows. */
export function unfolded(made: Claim, segment: SegmentLookUp): Unfolded {
  if (made.kind !== 'condition') return made;
  const { condition, holds } = made;
  if ('attribute' in condition) return { kind: 'attribute', test: condition, holds };
  if ('not' in condition) return { kind: 'all', claims: [claim(condition.not, !holds)] };
  if ('segment' in condition) {
    const body = segment(condition.segment);
    return body ? membership(body, holds) : { kind: 'all', claims: [] };
  }
  const parts = 'and' in condition ? condition.and : condition.or;
  const claims = parts.map((part) => claim(part, holds));
  return 'and' in condition === holds ? { kind: 'all', claims } : { kind: 'any', claims };
}

/** `exclude` wins over `include`, and `include` over `if`. */
function membership({ unit, include, exclude, if: condition }: SegmentBody, holds: boolean): Unfolded {
  const ways: Claim[] = condition ? [claim(condition, holds)] : [];
  if (include) ways.push({ kind: 'units', unit, among: include, holds });
  const inside: Claim = holds ? { kind: 'any', claims: ways } : { kind: 'all', claims: ways };
  if (!exclude) return inside;
  const excluded: Claim = { kind: 'units', unit, among: exclude, holds: !holds };
  return holds ? { kind: 'all', claims: [excluded, inside] } : { kind: 'any', claims: [inside, excluded] };
}
