// A promotion where environments stand in braces: `environments: { dev: { serve: on }, prod: { serve: off } }`.
import type { CollectionNode, Item } from '../definitions/layout.ts';
import { type Edit, lineBreakOf, startOfLine } from './edit.ts';
import { itemBefore, type Promotion } from './promotion.ts';
import { scalarText } from './scalar-text.ts';

/** `source` or `target` is there, or both. */
export function promoteInBraces(
  text: string,
  environments: CollectionNode,
  source: Item | undefined,
  target: Item | undefined,
  promotion: Promotion,
): Edit {
  if (!source) return removal(text, environments, target as Item);
  const value = text.slice(source.value.start, source.value.end);
  if (target) return { start: target.value.start, end: target.value.end, text: value };
  const entry = `${scalarText(promotion.to, true)}: ${value}`;
  const previous = itemBefore(promotion, environments.items);
  if (previous) return insertionAfter(text, previous, entry);
  const { start } = environments.items[0] as Item;
  return { start, end: start, text: `${entry}, ` };
}

/** On a line of its own where a comment ends the line of the one before. */
function insertionAfter(text: string, { start, end, value, comment }: Item, entry: string): Edit {
  if (!comment) return { start: value.end, end: value.end, text: `, ${entry}` };
  const gap = text.slice(value.end, comment.offset);
  const comma = gap.includes(',') ? ',' : '';
  const indent = ' '.repeat(start - startOfLine(text, start));
  return {
    start: value.end,
    end,
    text: `,${gap.replace(',', '')}${comment.text}${lineBreakOf(text)}${indent}${entry}${comma}`,
  };
}

function removal(text: string, { items, start, end }: CollectionNode, target: Item): Edit {
  const index = items.indexOf(target);
  const next = items[index + 1];
  const previous = items[index - 1];
  if (next) return { start: target.start, end: next.before[0]?.offset ?? next.start, text: '' };
  if (!previous) return { start, end, text: '{}' };
  if (!previous.comment) return { start: previous.end, end: target.end, text: '' };
  // What follows must not end up in the comment, nor a comma come after a comma.
  const hasComma = text.slice(previous.value.end, previous.comment.offset).includes(',');
  const comma = hasComma ? (/^\s*,/.exec(text.slice(target.end))?.[0].length ?? 0) : 0;
  return { start: text.indexOf('\n', previous.end) + 1, end: target.end + comma, text: '' };
}
