// Gives one environment of a flag's file the targeting of another, and changes no other byte of it.
import { layoutOf } from '../definitions/document.ts';
import type { CollectionNode, Comment, Item } from '../definitions/layout.ts';
import { type ParsedFile, parse } from '../definitions/parse.ts';
import { UsageError } from '../lib/errors.ts';
import { canonical, type JsonValue } from '../lib/json.ts';
import { type Edit, edited, endOfLine, lineBreakOf, startOfLine } from './edit.ts';
import { promoteInBraces } from './promote-in-braces.ts';
import { itemBefore, nameLike, type Promotion } from './promotion.ts';

/**
 * The text of a flag's file without problems, `to` having what `from` has, its comments too. Where the flag does not name
 * `from`, it no longer names `to`. The comments above an environment's name, and beside it, are the environment's own.
 * Where they have the same already, nothing changes. Throws UsageError where something else would change too.
 */
export function promote(text: string, promotion: Promotion): string {
  const { [promotion.from]: wanted, ...others } = environmentsIn(text);
  const { [promotion.to]: present, ...kept } = { ...others, ...(wanted && { [promotion.from]: wanted }) };
  if (canonical(wanted ?? null) === canonical(present ?? null)) return text;
  const promoted = edited(text, promotionEdit(text, promotion));
  const expected = { ...kept, ...(wanted && { [promotion.to]: wanted }) };
  if (canonical(environmentsIn(promoted)) !== canonical(expected)) {
    throw new UsageError('the file is laid out in a way that cannot be edited: run `halyard fmt` first');
  }
  return promoted;
}

function parsed(text: string): ParsedFile {
  return parse(new TextEncoder().encode(text), { keepTree: true });
}

function environmentsIn(text: string): { [name: string]: JsonValue } {
  const { value } = parsed(text);
  return (value as { environments: { [name: string]: JsonValue } } | undefined)?.environments ?? {};
}

function promotionEdit(text: string, promotion: Promotion): Edit {
  const environments = layoutOf(parsed(text))?.items.find(({ key }) => key?.name === 'environments');
  if (environments?.value.type !== 'map') throw new Error('a flag without environments has no problem');
  const { value } = environments;
  const source = named(value, promotion.from);
  const target = named(value, promotion.to);
  if (value.isFlow) return promoteInBraces(text, value, source, target, promotion);
  if (!source) return removal(text, environments, value, target as Item);
  return target ? replacement(text, source, target) : insertion(text, value, source, promotion);
}

function named({ items }: CollectionNode, name: string): Item | undefined {
  return items.find(({ key }) => key?.name === name);
}

/** After the colon of a key. */
function afterColon(text: string, { key }: Item): number {
  return text.indexOf(':', key?.end) + 1;
}

/** Where an environment's targeting begins: beside its name, or below it and the comment that the name has. */
function bodyStart(text: string, item: Item): number {
  const beside = afterColon(text, item);
  return item.valueColumn === undefined ? endOfLine(text, beside) : beside;
}

function replacement(text: string, source: Item, target: Item): Edit {
  const body = text.slice(bodyStart(text, source), endOfLine(text, source.end));
  const start = bodyStart(text, target);
  const end = endOfLine(text, target.end);
  if (source.valueColumn === undefined) return { start, end, text: body };
  if (target.valueColumn !== undefined) {
    return { start, end, text: text.slice(start, target.value.start) + body.trimStart() };
  }
  const beside = afterColon(text, target);
  if (text.slice(beside, start).trim() === '') return { start: beside, end, text: ` ${body.trimStart()}` };
  const indent = ' '.repeat(target.start - startOfLine(text, target.start) + 2);
  return { start, end, text: lineBreakOf(text) + indent + body.trimStart() };
}

/** After the environment that comes before it in the order of promotion, or as the first. */
function insertion(text: string, { items }: CollectionNode, source: Item, promotion: Promotion): Edit {
  const previous = itemBefore(promotion, items);
  const lineBreak = lineBreakOf(text);
  const indent = text.slice(startOfLine(text, source.start), source.start);
  const name = `${indent}${nameLike(source, promotion.to, false)}:`;
  const body = text.slice(bodyStart(text, source), endOfLine(text, source.end));
  const block =
    name + (source.valueColumn === undefined ? body : gapAfter(name, source, items) + body.trimStart());
  const areApart = items.slice(1).some((item) => item.before[0]?.blankBefore ?? item.blankBefore);
  const separator = areApart ? lineBreak + lineBreak : lineBreak;
  if (previous) {
    const end = endOfLine(text, previous.end);
    return { start: end, end, text: separator + block };
  }
  const start = startOfLine(text, firstOffset(items[0] as Item));
  return { start, end: start, text: block + separator };
}

/** One space, or as many as align the value with the source's where that is aligned with another's. */
function gapAfter(name: string, { key, valueColumn = 0 }: Item, items: readonly Item[]): string {
  const isAligned = items.some(
    (item) => item.valueColumn === valueColumn && item.key?.name.length !== key?.name.length,
  );
  return ' '.repeat(isAligned ? Math.max(1, valueColumn - name.length) : 1);
}

function firstOffset({ before, start }: Item): number {
  return before[0]?.offset ?? start;
}

/** With the comments directly above it. The last one leaves `{}`. */
function removal(text: string, environments: Item, { items }: CollectionNode, target: Item): Edit {
  const end = endOfLine(text, target.end);
  const index = items.indexOf(target);
  const next = items[index + 1];
  if (items.length === 1) {
    const start = afterColon(text, environments);
    return { start, end, text: ` {}${text.slice(start, endOfLine(text, start))}` };
  }
  const lastKept = commentsApart(target).at(-1);
  if (lastKept) return { start: endOfLine(text, lastKept.offset), end, text: '' };
  const previous = items[index - 1];
  if (previous) return { start: endOfLine(text, previous.end), end, text: '' };
  const start = startOfLine(text, firstOffset(target));
  return { start, end: startOfLine(text, firstOffset(next as Item)), text: '' };
}

/** The comments above the key that an empty line sets apart from it. */
function commentsApart({ before, blankBefore, start }: Item): Comment[] {
  const above = before.filter(({ offset }) => offset < start);
  const apart = blankBefore ? above.length : above.findLastIndex((comment) => comment.blankBefore);
  return above.slice(0, Math.max(0, apart));
}
