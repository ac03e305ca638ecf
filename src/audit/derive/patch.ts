// The readable patch of one row, made again: each body as a list of lines, and the lines that differ. Pure.
import { canonical, type JsonValue } from '../../lib/json.ts';
import type { PatchItem } from '../../model/change.ts';
import { type Line, linesOf, type PatchContext } from './patch-lines.ts';

/** The lines in which two bodies differ: as the later one has them, then those that it has no more. */
export function patchBetween(before: object, after: object, context: PatchContext): PatchItem[] {
  const old = numbered(linesOf(before as Members, context));
  const now = numbered(linesOf(after as Members, context));
  const items: PatchItem[] = [];
  for (const [name, line] of now) {
    const was = old.get(name);
    if (was !== undefined && isSame(was.value, line.value)) continue;
    items.push({ ...placeOf(line), ...(was !== undefined && { before: was.text }), after: line.text });
  }
  for (const [name, line] of old) if (!now.has(name)) items.push({ ...placeOf(line), before: line.text });
  return items;
}

type Members = Readonly<Record<string, JsonValue>>;

function placeOf({ at, field }: Line): Pick<PatchItem, 'at' | 'field'> {
  return { at, field };
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** By place and field; the second of one name is called `… (2)`. */
function numbered(lines: readonly Line[]): Map<string, Line> {
  const counts = new Map<string, number>();
  return new Map(
    lines.map((line) => {
      const name = `${line.at}\0${line.field}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [`${name}\0${count}`, count === 1 ? line : { ...line, field: `${line.field} (${count})` }];
    }),
  );
}
