// Names and values of attributes, as GrowthBook and OpenFeature have them.
import type { JsonValue } from '../../lib/json.ts';

/** OpenFeature's name for what GrowthBook calls `id`; all others stay. */
export function attributeOf(name: string): string {
  return name === 'id' ? 'targetingKey' : name;
}

export function isScalar(value: JsonValue | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
