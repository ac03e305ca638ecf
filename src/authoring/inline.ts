// Scalars, and collections in braces or brackets, as the text that is printed for them.
import { type Item, isEmpty, type LayoutNode, type ScalarNode } from '../definitions/layout.ts';

/** A node on one line; undefined where something in it has several. Nothing written is an empty text. */
export function inlineText(node: LayoutNode): string | undefined {
  if (node.type === 'scalar') {
    const lines = blockText(node);
    return lines.length === 1 && node.style !== 'block' ? lines[0] : undefined;
  }
  if (isEmpty(node)) return node.type === 'map' ? '{}' : '[]';
  const parts: string[] = [];
  for (const item of node.items) {
    const text = inlineText(item.value);
    if (text === undefined) return undefined;
    parts.push(node.type === 'map' ? `${keyText(item)}: ${text || 'null'}` : text);
  }
  return node.type === 'map' ? `{ ${parts.join(', ')} }` : `[${parts.join(', ')}]`;
}

/** A key is always on one line. */
export function keyText({ key }: Item): string {
  if (!key) return '';
  const lines = blockText(key);
  return lines.length === 1 ? (lines[0] ?? '') : JSON.stringify(key.name);
}

/** The lines of a scalar without indentation. Quotes are double where that needs no escape. */
export function blockText({ style, lines }: ScalarNode): string[] {
  if (style === 'block') {
    const [header = '', ...content] = lines;
    // The indicator counts from the parent; the content stands two spaces in.
    return [header.replace(/[0-9]/, '2'), ...content];
  }
  if (style !== 'single') return lines;
  const text = lines.join('\n').slice(1, -1);
  return /["\\]/.test(text) ? lines : `"${text.replaceAll("''", "'")}"`.split('\n');
}
