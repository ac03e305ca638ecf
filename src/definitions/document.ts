// What a file's syntax tree tells of its layout, for rewriting: with every comment at the thing that it is about.
import {
  CST,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { blockLines, keepsLineBreaks, withoutBlanks } from './block-scalar.ts';
import type { CollectionNode, Comment, Item, LayoutNode, ScalarNode, ScalarStyle } from './layout.ts';
import type { ParsedFile } from './parse.ts';

/** The layout of a file that was parsed with its tree, without faults. Undefined where its root is no mapping. */
export function layoutOf({ text = '', tree }: ParsedFile): CollectionNode | undefined {
  return isMap(tree?.root) ? new Reader(text, tree.lexemes).root(tree.root as Collection) : undefined;
}

/** The texts of all comments, in their order, of a file that was parsed with its tree. */
export function commentsOf({ tree }: ParsedFile): string[] {
  return commentTokens(tree?.lexemes ?? []).map((token) => token.text);
}

type CommentToken = Pick<Comment, 'text' | 'offset'>;

function commentTokens(lexemes: readonly string[]): CommentToken[] {
  const tokens: CommentToken[] = [];
  let offset = 0;
  let isContent = false;
  for (const lexeme of lexemes) {
    const type: string | null = isContent ? 'content' : CST.tokenType(lexeme);
    isContent = type === 'scalar';
    if (type === 'comment') tokens.push({ text: withoutBlanks(lexeme), offset });
    if (type !== 'scalar' && type !== 'doc-mode' && type !== 'flow-error-end') offset += lexeme.length;
  }
  return tokens;
}

type Collection = (YAMLMap<ParsedNode, ParsedNode | null> | YAMLSeq<ParsedNode>) & {
  range: [number, number, number];
};
type Part = { key?: Scalar.Parsed; value: ParsedNode | null };

const styles: { readonly [type: string]: ScalarStyle | undefined } = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

/** Walks nodes and comments in the order of the text, and gives each comment to the node that it is about. */
class Reader {
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #comments: readonly Comment[];
  #next = 0;

  constructor(text: string, lexemes: readonly string[]) {
    this.#text = text;
    for (let start = 0; start !== -1; start = text.indexOf('\n', start) + 1 || -1)
      this.#lines.addNewLine(start);
    this.#comments = commentTokens(lexemes).map((token) => this.#comment(token));
  }

  root(node: Collection): CollectionNode {
    const root = this.#collection(node, -1, this.#text.length);
    root.tail.push(...this.#until(Number.POSITIVE_INFINITY));
    return root;
  }

  /** `parentColumn` is the parent's, -1 of none; `limit` is where the next thing begins that is not in the collection. */
  #collection(node: Collection, parentColumn: number, limit: number): CollectionNode {
    const [start, nodeEnd] = node.range;
    const isFlow = node.flow === true;
    const column = Math.max(parentColumn + 1, this.#columnOf(start));
    const parts: Part[] = isMap(node)
      ? (node.items as Part[])
      : (node.items as ParsedNode[]).map((value) => ({ value }));
    const starts = parts.map(({ key, value }) => (key ?? value)?.range[0] ?? start);
    const bound = isFlow ? nodeEnd - 1 : limit;
    const items = parts.map((part, index) =>
      this.#item(part, starts[index] ?? start, isFlow ? -1 : column, starts[index + 1] ?? bound),
    );
    const tail = isFlow ? this.#until(nodeEnd) : this.#indented(column, limit);
    const end = isFlow ? nodeEnd : Math.max(items.at(-1)?.end ?? start, ...tail.map(endOf));
    return { type: isMap(node) ? 'map' : 'list', isFlow, items, tail, start, end };
  }

  #item({ key, value }: Part, start: number, column: number, limit: number): Item {
    const before = this.#until(start);
    const name = key && { ...this.#scalar(key), name: String(key.value) };
    const own = name && value ? this.#betweenKeyAndValue(name.end, value, before) : [];
    const node = this.#node(value, name?.end ?? start, column, limit);
    if (node.type === 'scalar' && node.style === 'block') own.push(...this.#onLineOf(node.start, node.end));
    if (node.type === 'scalar' || node.isFlow) own.push(...this.#onLineOf(node.end, limit));
    const comment = own.pop();
    const isInline = name && node.end > node.start && this.#lineOf(name.end) === this.#lineOf(node.start);
    return {
      before: [...before, ...own],
      blankBefore: this.#isBlankBefore(start),
      ...(name && { key: name }),
      value: node,
      ...(isInline && { valueColumn: this.#columnOf(node.start) }),
      ...(comment && { comment }),
      start,
      end: Math.max(node.end, name?.end ?? 0, comment ? endOf(comment) : 0),
    };
  }

  /** The comment on the key's line. Those below it are the first item's of a block, and else come before the key. */
  #betweenKeyAndValue(keyEnd: number, value: ParsedNode, before: Comment[]): Comment[] {
    const own = this.#onLineOf(keyEnd, value.range[0]);
    if (!isCollection(value) || value.flow) before.push(...this.#until(value.range[0]));
    return own;
  }

  #node(value: ParsedNode | null, keyEnd: number, column: number, limit: number): LayoutNode {
    if (isCollection(value)) return this.#collection(value, column, limit);
    if (isScalar(value) && value.range[1] > value.range[0]) return this.#scalar(value as Scalar.Parsed);
    return { type: 'scalar', style: 'plain', lines: [''], start: keyEnd, end: keyEnd };
  }

  #scalar({ type, range: [start, end], value }: Scalar.Parsed): ScalarNode {
    const source = this.#text.slice(start, end);
    const style = styles[type ?? ''] ?? 'plain';
    if (style === 'block') {
      const lines = blockLines(source, String(value));
      const own = keepsLineBreaks(source) ? source.replace(/\n$/, '') : withoutBlanks(source);
      return { type: 'scalar', style, lines, start, end: start + own.length };
    }
    const lines = source.split('\n').map((line, index) => (index === 0 ? line : line.replace(/^[ \t]+/, '')));
    return { type: 'scalar', style, lines, start, end };
  }

  #until(offset: number): Comment[] {
    const first = this.#next;
    while ((this.#comments[this.#next]?.offset ?? offset) < offset) this.#next++;
    return this.#comments.slice(first, this.#next);
  }

  /** The next comment, if it is before `limit` and on the line of `offset`. */
  #onLineOf(offset: number, limit: number): Comment[] {
    const comment = this.#comments[this.#next];
    if (!comment || comment.offset >= limit || this.#lineOf(comment.offset) !== this.#lineOf(offset))
      return [];
    this.#next++;
    return [comment];
  }

  /** Comments on lines of their own, at the column or right of it. */
  #indented(column: number, limit: number): Comment[] {
    const first = this.#next;
    for (let comment = this.#comments[first]; comment; comment = this.#comments[++this.#next]) {
      if (comment.offset >= limit || comment.column < column || comment.gap < comment.column) break;
    }
    return this.#comments.slice(first, this.#next);
  }

  #comment({ text, offset }: CommentToken): Comment {
    const column = this.#columnOf(offset);
    const gap = column - withoutBlanks(this.#text.slice(offset - column, offset)).length;
    return { text, column, gap, blankBefore: this.#isBlankBefore(offset), offset };
  }

  #lineOf(offset: number): number {
    return this.#lines.linePos(offset).line;
  }

  #columnOf(offset: number): number {
    return this.#lines.linePos(offset).col - 1;
  }

  /** Whether the line before that of the offset is empty. */
  #isBlankBefore(offset: number): boolean {
    const lineStart = offset - this.#columnOf(offset);
    const before = this.#text.lastIndexOf('\n', lineStart - 2) + 1;
    return lineStart > 1 && withoutBlanks(this.#text.slice(before, lineStart)) === '';
  }
}

function isCollection(node: unknown): node is Collection {
  return isMap(node) || isSeq(node);
}

function endOf({ offset, text }: Comment): number {
  return offset + text.length;
}
