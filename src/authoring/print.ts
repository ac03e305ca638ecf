// Prints a layout in the canonical way: two spaces a level, what is in braces on one line if it fits, else in block style.
import { keepsLineBreaks } from '../definitions/block-scalar.ts';
import {
  type CollectionNode,
  type Comment,
  hasComments,
  type Item,
  isEmpty,
  type LayoutNode,
} from '../definitions/layout.ts';
import { blockText, inlineText, keyText } from './inline.ts';

interface Line {
  text: string;
  comment?: Comment;
  /** A comment on a line of its own. */
  isComment?: true;
  /** The end of a text to which empty lines after it would belong. */
  isOpen?: true;
}

/** Columns that a line with braces or brackets may take, its comment not counted. */
export const WIDTH = 100;

/** The text of a whole file. */
export function print(root: CollectionNode, width: number = WIDTH): string {
  return new Printer(width)
    .block(root, 0)
    .map((line) => `${withComment(line)}\n`)
    .join('');
}

/** A comment that was set apart from what it follows by more than a space stays in its column. */
function withComment({ text, comment }: Line): string {
  if (!comment) return text;
  return `${text}${' '.repeat(comment.gap > 1 ? Math.max(1, comment.column - text.length) : 1)}${comment.text}`;
}

class Printer {
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  block({ type, items, tail }: CollectionNode, indent: number): Line[] {
    const lines: Line[] = [];
    const valueColumn = type === 'map' ? this.#alignedColumn(items, indent) : undefined;
    for (const item of items) {
      const own = type === 'map' ? this.#entry(item, indent, valueColumn) : this.#listItem(item, indent);
      addComments(lines, item.before, indent);
      addBlank(lines, item.blankBefore);
      for (const line of own) lines.push(line);
    }
    addComments(lines, tail, indent);
    return lines;
  }

  #entry(item: Item, indent: number, valueColumn: number | undefined): Line[] {
    const { value, comment } = item;
    const head = `${' '.repeat(indent)}${keyText(item)}:`;
    const column = Math.max(head.length + 1, valueColumn ?? 0);
    const inline = this.#fittingText(value, column);
    if (inline !== undefined) return inlineLines(value, head.padEnd(column), inline, comment, indent);
    if (value.type === 'scalar') return scalarLines(`${head} `, item, indent);
    const ownComment = comment && (value.isFlow ? { ...comment, gap: 1 } : comment);
    return [lineOf(head, ownComment), ...this.block(value, indent + 2)];
  }

  #listItem(item: Item, indent: number): Line[] {
    const { value, comment } = item;
    const head = `${' '.repeat(indent)}- `;
    const inline = this.#fittingText(value, indent + 2);
    if (inline !== undefined) return inlineLines(value, head, inline, comment, indent);
    if (value.type === 'scalar') return scalarLines(head, item, indent);
    // Comments before the first key come before the dash.
    const lines = this.block(value, indent + 2);
    const first = lines.findIndex(({ isComment, text }) => !isComment && text !== '');
    const before = lines.slice(0, first).map(({ text, ...line }) => ({ ...line, text: text.slice(2) }));
    if (comment) before.unshift({ text: `${' '.repeat(indent)}${comment.text}`, isComment: true });
    const [{ text, ...line }, ...others] = lines.slice(first) as [Line, ...Line[]];
    return [...before, { ...line, text: head + text.slice(indent + 2) }, ...others];
  }

  /** The value on one line, if it may stand so and fits from the column on. */
  #fittingText(value: LayoutNode, column: number): string | undefined {
    if (isEmpty(value) || value.type === 'scalar') return inlineText(value);
    if (!value.isFlow || hasComments(value)) return undefined;
    const text = inlineText(value);
    return text !== undefined && column + text.length <= this.#width ? text : undefined;
  }

  /** Where all values of a mapping begin: defined where its author has aligned two that would not be so by themselves. */
  #alignedColumn(items: readonly Item[], indent: number): number | undefined {
    if (!sharesColumn(items)) return undefined;
    const column = indent + Math.max(...items.map((item) => keyText(item).length)) + 2;
    const inline = items.filter(({ value }) => this.#fittingText(value, column));
    return new Set(inline.map((item) => keyText(item).length)).size > 1 ? column : undefined;
  }
}

function sharesColumn(items: readonly Item[]): boolean {
  const widths = new Map<number, number>();
  return items.some((item) => {
    if (item.valueColumn === undefined) return false;
    const width = keyText(item).length;
    const other = widths.get(item.valueColumn);
    widths.set(item.valueColumn, width);
    return other !== undefined && other !== width;
  });
}

function addComments(lines: Line[], comments: readonly Comment[], indent: number): void {
  for (const comment of comments) {
    addBlank(lines, comment.blankBefore);
    lines.push({ text: `${' '.repeat(indent)}${comment.text}`, isComment: true });
  }
}

/** One empty line at most, and none where a collection begins. */
function addBlank(lines: Line[], isWanted: boolean): void {
  const last = lines.at(-1);
  if (isWanted && last && !last.isOpen) lines.push({ text: '' });
}

/** Comments inside a collection without items come before it. */
function inlineLines(
  value: LayoutNode,
  head: string,
  inline: string,
  comment: Comment | undefined,
  indent: number,
): Line[] {
  const lines: Line[] = [];
  if (value.type !== 'scalar') addComments(lines, value.tail, indent);
  return [...lines, lineOf(inline === '' ? head.trimEnd() : head + inline, comment)];
}

/** A text of several lines. The comment is on the last one, but a block scalar's is in its header. */
function scalarLines(head: string, { value, comment }: Item, indent: number): Line[] {
  const [first = '', ...others] = value.type === 'scalar' ? blockText(value) : [];
  const lines: Line[] = [{ text: head + first }];
  for (const text of others) lines.push({ text: text === '' ? '' : ' '.repeat(indent + 2) + text });
  const isBlock = value.type === 'scalar' && value.style === 'block';
  const last = lines.at(-1) as Line;
  if (comment) (isBlock ? (lines[0] as Line) : last).comment = comment;
  if (isBlock && keepsLineBreaks(first)) last.isOpen = true;
  return lines;
}

function lineOf(text: string, comment: Comment | undefined): Line {
  return comment ? { text, comment } : { text };
}
