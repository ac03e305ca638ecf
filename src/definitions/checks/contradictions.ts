// Parts of one `and` that ask one attribute to equal different things.
import type { AttributeCondition, Condition, Scalar } from '../../model/definitions.gen.ts';
import type { Path } from '../finding.ts';
import type { PlacedCondition } from './walk.ts';

/** Each test that shares no value with an earlier test of the same attribute in the same `and`. */
export function contradictionsIn(
  conditions: readonly PlacedCondition[],
): { attribute: string; path: Path }[] {
  return conditions.flatMap(({ condition, path }) => {
    if (!('and' in condition)) return [];
    const possible = new Map<string, Set<Scalar>>();
    return condition.and.flatMap((part, i) => {
      if (!isEquality(part)) return [];
      const earlier = possible.get(part.attribute);
      const values = new Set([part.value].flat().filter((value) => value !== undefined));
      const left = earlier ? new Set([...values].filter((value) => earlier.has(value))) : values;
      if (left.size === 0 && earlier)
        return [{ attribute: part.attribute, path: [...path, 'and', i, 'value'] }];
      possible.set(part.attribute, left);
      return [];
    });
  });
}

function isEquality(condition: Condition): condition is AttributeCondition {
  return (
    'attribute' in condition &&
    (condition.operator === 'eq' || condition.operator === 'in') &&
    !condition.ignore_case
  );
}
