// Which system a file is of, by its shape: for those who name another one.
import type { JsonValue } from '../lib/json.ts';
import { isObject } from './read.ts';

export type SystemName = 'flagd' | 'unleash' | 'growthbook' | 'featurevisor' | 'goff';

/** Undefined where the shape is that of none. It may be right about files that the system's importer does not take. */
export function recognised(file: JsonValue): SystemName | undefined {
  if (!isObject(file)) return hasMember(file, 'strategies') ? 'unleash' : undefined;
  const { flags = null, features = null } = file;
  if (hasMember(flags, 'variants')) return 'flagd';
  if ('featureStrategies' in file || hasMember(features, 'strategies')) return 'unleash';
  if (hasMember(features, 'bucketBy') || hasMember(features, 'traffic')) return 'featurevisor';
  if ('encryptedFeatures' in file || hasMember(features, 'defaultValue')) return 'growthbook';
  return hasMember(file, 'defaultRule') ? 'goff' : undefined;
}

/** Whether an item of the list, or a value of the object, is an object with that member. */
function hasMember(collection: JsonValue, name: string): boolean {
  const items = typeof collection === 'object' && collection !== null ? Object.values(collection) : [];
  return items.some((item) => isObject(item) && Object.hasOwn(item, name));
}
