// A syntax tree as a plain value, with the place of everything in it, and what is wrong with its keys and scalars.
import { isMap, isScalar, isSeq, type ParsedNode, type Scalar } from 'yaml';
import type { JsonValue } from '../lib/json.ts';
import { ticked } from '../lib/printable.ts';
import type { Fault } from './finding.ts';
import { isReservedKey, keyFaults, scalarFaults } from './scalar-faults.ts';

/** What is noted while a tree is made plain. */
export interface Notes {
  offsets: number[];
  faults: Fault[];
  integerKeys: boolean;
  keysAsText: boolean;
}

/** A node as a plain value, the offsets and the faults of all that is in it noted. Recursion is bounded by the nesting. */
export function plain(node: ParsedNode | null, keyOffset: number, notes: Notes, asItem = false): JsonValue {
  const offset = node?.range[0] ?? keyOffset;
  notes.offsets.push(asItem ? offset : keyOffset, offset);
  if (isSeq(node)) return node.items.map((item) => plain(item as ParsedNode, offset, notes, true));
  if (isMap(node)) return mapping(node.items as Pair[], notes);
  return isScalar(node) ? scalar(node, notes.faults) : null;
}

const INTEGER = /^(0|[1-9][0-9]{0,14})$/;

type Pair = { key: ParsedNode; value: ParsedNode | null };

function mapping(pairs: Pair[], notes: Notes): JsonValue {
  const byKey = new Map<string, Pair>();
  for (const pair of pairs) {
    const key = textKey(pair.key, notes);
    if (key === undefined) continue;
    if (byKey.has(key)) {
      const message = `The key ${ticked(key)} is here for the second time.`;
      notes.faults.push({
        code: 'duplicate-key',
        offset: pair.key.range[0],
        message,
        hint: 'Keep one of the two.',
      });
    } else byKey.set(key, pair);
  }
  // JavaScript puts keys that look like integers first, so the offsets follow the object and not the text.
  const result: { [key: string]: JsonValue } = {};
  for (const key of byKey.keys()) result[key] = null;
  for (const key of Object.keys(result)) {
    const pair = byKey.get(key);
    if (pair) result[key] = plain(pair.value, pair.key.range[0], notes);
  }
  return result;
}

/** The key as a text; undefined, with a fault, where it is none or no object may have it. */
function textKey(key: ParsedNode, { faults, integerKeys, keysAsText }: Notes): string | undefined {
  if (keysAsText && isScalar(key) && typeof key.value !== 'string' && key.source) return key.source;
  if (integerKeys && isScalar(key) && typeof key.value === 'number' && INTEGER.test(key.source ?? ''))
    return key.source;
  const { value, source } = isScalar(key)
    ? { value: key.value, source: key.source ?? '' }
    : { value: key, source: undefined };
  faults.push(...keyFaults(value, source, key.range[0]));
  return typeof value === 'string' && !isReservedKey(value) ? value : undefined;
}

function scalar({ value, source, range }: Scalar.Parsed, faults: Fault[]): JsonValue {
  faults.push(...scalarFaults(value, source, range[0]));
  if (typeof value === 'number') return Number.isFinite(value) && value !== 0 ? value : 0;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
