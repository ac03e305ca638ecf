// Whether any subject at all can be as a list of literals says.
import { canonical } from '../lib/json.ts';
import type { Attributes, Literal } from './literal.ts';

/** False only where it is certain that no context fulfils all of the literals: what cannot be reasoned about is possible. */
export function isSatisfiable(literals: readonly Literal[], _attributes: Attributes): boolean {
  const known = new Map<string, boolean>();
  for (const { holds, ...test } of literals) {
    const id = canonical(test);
    if ((known.get(id) ?? holds) !== holds) return false;
    known.set(id, holds);
  }
  return true;
}
