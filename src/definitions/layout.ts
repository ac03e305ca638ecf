// A YAML file as its author laid it out: values as they are written, with the comments and blank lines around them.

/** `text` begins with `#`. `column` counts from 0, `gap` the blanks before it on its line. */
export interface Comment {
  text: string;
  column: number;
  gap: number;
  blankBefore: boolean;
  offset: number;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

/**
 * A text, number, boolean or null. `lines` are its source without the indentation; a block scalar's first one is its
 * header. Nothing written at all is one empty line. `start` and `end` are offsets in the text.
 */
export interface ScalarNode {
  type: 'scalar';
  style: ScalarStyle;
  lines: string[];
  start: number;
  end: number;
}

/** A mapping or a list. `tail` are the comments after its last item. */
export interface CollectionNode {
  type: 'map' | 'list';
  /** In braces or brackets. */
  isFlow: boolean;
  items: Item[];
  tail: Comment[];
  start: number;
  end: number;
}

export type LayoutNode = ScalarNode | CollectionNode;

/** A list's item, or a mapping's key and value. */
export interface Item {
  /** Comments on lines of their own before it. */
  before: Comment[];
  blankBefore: boolean;
  /** Absent in a list. */
  key?: ScalarNode & { name: string };
  value: LayoutNode;
  /** Where the value begins on the line of its key, from 0; absent where it is on another one. */
  valueColumn?: number;
  /** On the item's line. */
  comment?: Comment;
  start: number;
  /** After all that belongs to it, the end of its last line excluded. */
  end: number;
}

export function isEmpty(node: LayoutNode): boolean {
  return node.type !== 'scalar' && node.items.length === 0;
}

/** Whether there is a comment anywhere in it. */
export function hasComments(node: LayoutNode): boolean {
  if (node.type === 'scalar') return false;
  return (
    node.tail.length > 0 ||
    node.items.some(({ before, comment, value }) => before.length > 0 || comment || hasComments(value))
  );
}
