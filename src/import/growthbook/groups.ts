// Saved groups of GrowthBook as segments: a list of values that an attribute is looked for in, or a condition.
import type { JsonValue } from '../../lib/json.ts';
import type { SegmentDefinition } from '../../model/definitions.gen.ts';
import { equalsAny, exists, type Logic, or } from '../logic.ts';
import { keysFor } from '../names.ts';
import { isObject, member } from '../read.ts';
import { attributeOf, isScalar } from './attribute.ts';

interface GroupSegment {
  /** The group's name in the file. */
  id: string;
  attribute: string;
  logic: Logic & object;
}

/** Collects the segments that conditions need; they get their keys once all are known. */
export class GroupSegments {
  readonly #byName = new Map<string, GroupSegment>();

  /** The segment's provisional name, which `keys` maps to its key. */
  add(id: string, attribute: string, logic: Logic & object): string {
    const shared = [...this.#byName.values()].find((each) => each.id === id);
    const name = !shared || shared.attribute === attribute ? id : `${id} ${attribute}`;
    this.#byName.set(name, { id, attribute, logic });
    return name;
  }

  keys(): Map<string, string> {
    return keysFor(this.#byName.keys());
  }

  definitions(): { what: string; name: string; value: SegmentDefinition }[] {
    const keys = this.keys();
    return [...this.#byName].map(([name, { id, logic }]) => ({
      what: `savedGroups.${id}`,
      name,
      value: { segment: keys.get(name) ?? name, if: logic },
    }));
  }
}

/** The values of a group; undefined where GrowthBook takes it for nobody's, whatever is asked. */
export function groupValues(group: JsonValue | undefined): JsonValue[] | undefined {
  if (group === undefined) return [];
  if (Array.isArray(group)) return group;
  const values = isObject(group) && group.type === 'list' ? member(group, 'values') : undefined;
  return Array.isArray(values) ? values : undefined;
}

/** Whether the attribute is one of the values, or has one of them where it is a list. */
export function isIn(name: string, values: readonly JsonValue[], ignoreCase = false): Logic {
  const attribute = attributeOf(name);
  const scalars = values.filter(isScalar);
  const logic = equalsAny(attribute, scalars);
  const isText = ignoreCase && scalars.some((value) => typeof value === 'string');
  const found = typeof logic === 'object' && isText ? { ...logic, ignore_case: true } : logic;
  return values.includes(null) ? or(found, exists(attribute, false)) : found;
}
