// Where each key and value of a parsed file stands: offsets kept beside the value, two for each node.
import type { JsonValue } from '../lib/json.ts';
import type { Path } from './finding.ts';

/**
 * Offsets of key and value for each node, in the order of walking the value: a node, then its children as
 * `Object.keys` or the list orders them. A list's item and the root have their value's offset twice.
 */
export type Offsets = Uint32Array;

/** The offset of the value at `path`, or of the key that leads to it. Of a path that is not there, the nearest parent's. */
export function offsetOf(root: JsonValue, offsets: Offsets, path: Path, on: 'key' | 'value'): number {
  let node = root;
  let index = 0;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) return offsets[index * 2 + 1] ?? 0;
    index += 1 + child.nodesBefore;
    node = child.value;
  }
  return offsets[index * 2 + (on === 'key' ? 0 : 1)] ?? 0;
}

function childOf(
  node: JsonValue,
  step: string | number,
): { value: JsonValue; nodesBefore: number } | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const nodesBefore = nodesBeforeChildren(node).get(String(step));
  const value = (node as { [key: string]: JsonValue })[step];
  return nodesBefore === undefined || value === undefined ? undefined : { value, nodesBefore };
}

/** Counted once for each node that a path leads through: a file may have ten thousand problems in one list. */
const counted = new WeakMap<object, ReadonlyMap<string, number>>();

/** How many nodes stand between a node and each of its children. */
function nodesBeforeChildren(node: object): ReadonlyMap<string, number> {
  const known = counted.get(node);
  if (known) return known;
  const before = new Map<string, number>();
  let count = 0;
  for (const [key, child] of Object.entries(node)) {
    before.set(key, count);
    count += countNodes(child);
  }
  counted.set(node, before);
  return before;
}

function countNodes(node: JsonValue): number {
  if (typeof node !== 'object' || node === null) return 1;
  let count = 1;
  for (const child of Object.values(node)) count += countNodes(child);
  return count;
}

/** Line and column, both from 1; the column counts UTF-16 units. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
