// A promotion where environments stand in braces: `environments: { dev: { serve: on }, prod: { serve: off } }`.
import type { CollectionNode, Item } from '../definitions/layout.ts';
import { type Edit, lineBreakOf, startOfLine } from './edit.ts';
import { itemBefore, nameLike, type Promotion } from './promotion.ts';

/** `source` or `target` is there, or both. */
export function promoteInBraces(
  text: string,
  environments: CollectionNode,
  source: Item | undefined,
  target: Item | undefined,
  promotion: Promotion,
): Edit {
  if (!source) return removalInBraces(text, environments, target as Item);
  const value = text.slice(source.value.start, source.value.end);
  if (target) return { start: target.value.start, end: target.value.end, text: value };
  const entry = `${nameLike(source, promotion.to, true)}: ${value}`;
  const previous = itemBefore(promotion, environments.items);
  return previous ? insertionAfter(text, previous, entry) : insertionFirst(text, environments, entry);
}

/** A line break and the indentation where the offset begins its line, else a space. */
function gapBefore(text: string, offset: number): string {
  const indent = text.slice(startOfLine(text, offset), offset);
  return indent.trim() === '' ? lineBreakOf(text) + indent : ' ';
}

/** Where the comments above the item begin; one beside the brace is about all of them. */
function startWithComments(text: string, { before, start }: Item, brace: number): number {
  return before.find(({ offset }) => startOfLine(text, offset) > brace)?.offset ?? start;
}

function insertionFirst(text: string, { start, items }: CollectionNode, entry: string): Edit {
  const offset = startWithComments(text, items[0] as Item, start);
  return { start: offset, end: offset, text: `${entry},${gapBefore(text, offset)}` };
}

/** Below the comment that ends the line of the one before. */
function insertionAfter(text: string, { start, end, value, comment }: Item, entry: string): Edit {
  const added = gapBefore(text, start) + entry;
  if (!comment) return { start: value.end, end: value.end, text: `,${added}` };
  const gap = text.slice(value.end, comment.offset);
  const comma = gap.includes(',') ? ',' : '';
  const line = added.startsWith(' ') ? lineBreakOf(text) + added : added;
  return { start: value.end, end, text: `,${gap.replace(',', '')}${comment.text}${line}${comma}` };
}

/** Takes an item out of braces or brackets, with the comments that are its own. The last one leaves empty braces. */
export function removalInBraces(
  text: string,
  { type, items, start, end }: CollectionNode,
  target: Item,
): Edit {
  const index = items.indexOf(target);
  const next = items[index + 1];
  const previous = items[index - 1];
  if (next) {
    const own = startWithComments(text, target, start);
    return { start: own, end: next.before[0]?.offset ?? next.start, text: '' };
  }
  if (!previous) return { start, end, text: type === 'map' ? '{}' : '[]' };
  if (!previous.comment) return { start: previous.end, end: target.end, text: '' };
  // What follows must not end up in the comment, nor a comma come after a comma.
  const hasComma = text.slice(previous.value.end, previous.comment.offset).includes(',');
  const comma = hasComma ? (/^\s*,/.exec(text.slice(target.end))?.[0].length ?? 0) : 0;
  return { start: text.indexOf('\n', previous.end) + 1, end: target.end + comma, text: '' };
}
