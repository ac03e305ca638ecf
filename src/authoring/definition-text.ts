// A plain definition as the canonical text of its file: short things in braces, as a person would write them.
import type { CollectionNode, Item, LayoutNode, ScalarNode } from '../definitions/layout.ts';
import type { JsonValue } from '../lib/json.ts';
import { inOrder, kindOfLayout } from './key-order.ts';
import { print } from './print.ts';
import { scalarText } from './scalar-text.ts';

/**
 * The YAML of a definition or of flag tests, in canonical order and layout, ending in a line feed. What is undefined is left
 * out. Reading it back gives the same value, and `format` changes nothing about it.
 */
export function formatDefinition(value: object): string {
  const root = collection(value as Members, [], false);
  const kind = kindOfLayout(root);
  return print(kind ? inOrder(root, kind) : root);
}

type Members = { [key: string]: JsonValue };
/** The keys that lead to a node; a list's items are where the list is. */
type Path = readonly string[];

function node(value: JsonValue, path: Path, inFlow: boolean): LayoutNode {
  if (typeof value === 'object' && value !== null)
    return collection(value, path, inFlow || isShort(value, path));
  if (typeof value === 'string' && !inFlow && isParagraphs(value)) return paragraphs(value);
  const isSalt = typeof value === 'string' && path.at(-1) === 'salt';
  return scalar(isSalt ? JSON.stringify(value) : scalarText(value, inFlow));
}

function collection(value: JsonValue[] | Members, path: Path, isFlow: boolean): CollectionNode {
  const items: Item[] = Array.isArray(value)
    ? value.map((each) => item(node(each, path, isFlow)))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([name, each]) => ({
          ...item(node(each, [...path, name], isFlow)),
          key: { ...scalar(scalarText(name, isFlow)), name },
        }));
  return { type: Array.isArray(value) ? 'list' : 'map', isFlow, items, tail: [], start: 0, end: 0 };
}

function item(value: LayoutNode): Item {
  return { before: [], blankBefore: false, value, start: 0, end: 0 };
}

function scalar(text: string): ScalarNode {
  return { type: 'scalar', style: 'plain', lines: [text], start: 0, end: 0 };
}

/** Members that stand on lines of their own, however short their values are. */
const BLOCKS = new Set(['environments', 'targets', 'rules', 'cases', 'metrics', 'analysis', 'rollout']);

/** Whether it is written in braces or brackets: one level of scalars and lists of scalars. */
function isShort(value: JsonValue[] | Members, path: Path): boolean {
  if (Array.isArray(value)) return value.every(isScalar);
  const members = Object.values(value);
  if (members.length === 0) return true;
  if (BLOCKS.has(path.at(-1) ?? '')) return false;
  // A flag's environment, but not a project's, which is a salt.
  if (path.length === 2 && path[0] === 'environments') return Object.hasOwn(value, 'salt');
  if (path.length === 1 && path[0] === 'variations')
    return members.every((each) => typeof each === 'boolean');
  return members.every((each) => isScalar(each) || (Array.isArray(each) && each.every(isScalar)));
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null;
}

/** Several lines that a block scalar holds as they are. */
function isParagraphs(text: string): boolean {
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.length > 1 && lines[0] !== '' && lines.at(-1) !== '' && lines.every(isTidy);
}

function isTidy(line: string): boolean {
  return line === line.trim() && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff]/u.test(line);
}

function paragraphs(text: string): ScalarNode {
  const header = text.endsWith('\n') ? '|' : '|-';
  return { ...scalar(''), style: 'block', lines: [header, ...text.replace(/\n$/, '').split('\n')] };
}
