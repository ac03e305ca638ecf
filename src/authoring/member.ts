// Changes one member of a file, a key's value or a list's item, and no other byte of it. What comes out is read and compared.
import { layoutOf } from '../definitions/document.ts';
import type { Path } from '../definitions/finding.ts';
import type { CollectionNode, Comment, Item, LayoutNode } from '../definitions/layout.ts';
import { type ParsedFile, parse } from '../definitions/parse.ts';
import { UsageError } from '../lib/errors.ts';
import { canonical, type JsonValue } from '../lib/json.ts';
import { type Edit, edited, endOfLine, startOfLine } from './edit.ts';
import { removalInBraces } from './promote-in-braces.ts';
import { scalarText } from './scalar-text.ts';

type Mapping = { [name: string]: JsonValue };

/** What the file says. It has no faults. Numbers may be keys, as in tests. */
export function valueIn(text: string): JsonValue {
  return parsed(text).value ?? null;
}

/** The text with another value at `path`, which is there. Comments beside it stay. */
export function withValue(text: string, path: Path, value: JsonValue): string {
  const { item, parent } = placeOf(text, path);
  const after = edited(text, inColumn(text, replacement(text, item, parent, value)));
  return unlessOther(
    after,
    changed(valueIn(text), path, () => value),
  );
}

/** The text with the member at `path` under another name, with another value. `path` leads to a mapping's member. */
export function withMember(text: string, path: Path, name: string, value: JsonValue): string {
  const { item, parent } = placeOf(text, path);
  const { start = 0, end = 0 } = item.key ?? {};
  const valued = replacement(text, item, parent, value);
  // Beside a key in quotes the value needs no space.
  const between = text.slice(end, valued.start).replace(/:$/, ': ');
  const whole = { start, end: valued.end, text: scalarText(name, parent.isFlow) + between + valued.text };
  const expected = changed(valueIn(text), path.slice(0, -1), (mapping) => {
    const { [String(path.at(-1))]: _, ...others } = mapping as Mapping;
    return { ...others, [name]: value };
  });
  return unlessOther(edited(text, inColumn(text, whole)), expected);
}

/** The text without the member at `path`, and without the comments above and beside it. The last one leaves its parent empty. */
export function withoutMember(text: string, path: Path): string {
  const { item, parent } = placeOf(text, path);
  const edit = parent.isFlow ? removalInBraces(text, parent, item) : removal(text, parent, item);
  const expected = changed(valueIn(text), path.slice(0, -1), (collection) => {
    if (Array.isArray(collection)) return collection.filter((_, index) => index !== path.at(-1));
    const { [String(path.at(-1))]: _, ...others } = collection as Mapping;
    return others;
  });
  return unlessOther(edited(text, edit), expected);
}

/** The line, from 1, on which there is a comment beside the end of the value at `path`, which is there. */
export function lineOfComment(text: string, path: Path): number | undefined {
  const { end } = placeOf(text, path).item.value;
  const lineEnd = endOfLine(text, end);
  const isBeside = commentsIn(layoutOf(parsed(text))).some(({ offset }) => offset >= end && offset < lineEnd);
  return isBeside ? text.slice(0, end).split('\n').length : undefined;
}

function parsed(text: string): ParsedFile {
  return parse(new TextEncoder().encode(text), { integerKeys: true, keepTree: true });
}

function placeOf(text: string, path: Path): { item: Item; parent: CollectionNode } {
  let node: LayoutNode | undefined = layoutOf(parsed(text));
  let found: { item: Item; parent: CollectionNode } | undefined;
  for (const step of path) {
    if (!node || node.type === 'scalar') break;
    const parent: CollectionNode = node;
    const item = parent.items.find(({ key }, index) => (key ? key.name === String(step) : index === step));
    if (!item) throw new Error(`there is no ${path.join('.')}`);
    found = { item, parent };
    node = item.value;
  }
  if (!found) throw new Error('a path has a step');
  return found;
}

/** A collection in block style gives way with all its lines; everything else on its line. */
function replacement(
  text: string,
  { key, value }: Item,
  { isFlow }: CollectionNode,
  wanted: JsonValue,
): Edit {
  const written =
    typeof wanted === 'object' && wanted !== null ? JSON.stringify(wanted) : scalarText(wanted, isFlow);
  const isBlock = value.type === 'scalar' ? value.style === 'block' : !value.isFlow;
  if (!isBlock || !key) return { start: value.start, end: value.end, text: written };
  const colon = text.indexOf(':', key.end) + 1;
  return { start: colon, end: value.end, text: ` ${written}` };
}

/** A comment on the same line that was set apart by more than a space stays in its column. */
function inColumn(text: string, edit: Edit): Edit {
  const isMine = ({ offset, gap }: Comment) => offset >= edit.end && offset < lineEnd && gap > 1;
  const lineEnd = endOfLine(text, edit.end);
  const comment = commentsIn(layoutOf(parsed(text))).find(isMine);
  const isOneLine = !text.slice(edit.start, edit.end).includes('\n');
  if (!comment || !isOneLine) return edit;
  const gap = Math.max(1, comment.gap + (edit.end - edit.start) - edit.text.length);
  const between = text.slice(edit.end, comment.offset - comment.gap);
  return { start: edit.start, end: comment.offset, text: edit.text + between + ' '.repeat(gap) };
}

function commentsIn(node: LayoutNode | undefined): Comment[] {
  if (!node || node.type === 'scalar') return [];
  const own = node.items.flatMap(({ before, comment, value }) => [
    ...before,
    ...(comment ? [comment] : []),
    ...commentsIn(value),
  ]);
  return [...own, ...node.tail];
}

/** Whole lines; of an item that begins its list's item, up to the next one, which then stands beside the dash. */
function removal(text: string, { items }: CollectionNode, item: Item): Edit {
  const next = items[items.indexOf(item) + 1];
  const lineStart = startOfLine(text, item.start);
  const isBesideDash = item.key !== undefined && text.slice(lineStart, item.start).trim() !== '';
  if (isBesideDash && next) return { start: item.start, end: next.start, text: '' };
  const first = item.before.find(({ blankBefore, offset }) => !blankBefore && offset < item.start);
  const start = first && item.before[0] === first ? startOfLine(text, first.offset) : lineStart;
  const end = endOfLine(text, item.end);
  const lineBreak = text.startsWith('\r\n', end) ? 2 : 1;
  return { start, end: Math.min(text.length, end + lineBreak), text: '' };
}

function changed(value: JsonValue, path: Path, change: (value: JsonValue) => JsonValue): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((each, index) => (index === step ? changed(each, rest, change) : each));
  const mapping = value as Mapping;
  return { ...mapping, [step]: changed(mapping[step] ?? null, rest, change) };
}

function unlessOther(text: string, expected: JsonValue): string {
  const file = parsed(text);
  if (file.faults.length === 0 && canonical(file.value ?? null) === canonical(expected)) return text;
  throw new UsageError('a file is laid out in a way that cannot be edited: run `halyard fmt` first');
}
