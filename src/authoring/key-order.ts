// The canonical order of keys: that of the schemas' properties.
import common from '../../schemas/common.schema.json' with { type: 'json' };
import experiment from '../../schemas/experiment.schema.json' with { type: 'json' };
import flag from '../../schemas/flag.schema.json' with { type: 'json' };
import metric from '../../schemas/metric.schema.json' with { type: 'json' };
import project from '../../schemas/project.schema.json' with { type: 'json' };
import segment from '../../schemas/segment.schema.json' with { type: 'json' };
import test from '../../schemas/test.schema.json' with { type: 'json' };
import type { CollectionNode, Comment, Item, LayoutNode } from '../definitions/layout.ts';
import type { DefinitionKind } from '../model/definition.ts';

/** What a file that is rewritten can hold: a definition, or tests of a flag. */
export type FileKind = DefinitionKind | 'test';

interface Schema {
  $ref?: string;
  $defs?: { [name: string]: Schema };
  properties?: { [key: string]: Schema };
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
}

const kinds = { project, flag, segment, experiment, metric, test } as unknown as Record<FileKind, Schema>;

/** A schema with the file that its references without a file are into. */
interface Place {
  schema: Schema;
  file: Schema;
}

/** The kind that one of the root's keys names, the first key before all others. */
export function kindOfLayout(root: CollectionNode): FileKind | undefined {
  const names = root.items.map(({ key }) => key?.name ?? '');
  return names.find((name): name is FileKind => Object.hasOwn(kinds, name));
}

/** The same layout, its keys in canonical order. Keys that the schema does not know come last. */
export function inOrder(root: CollectionNode, kind: FileKind): CollectionNode {
  const schema = kinds[kind];
  const { header, items } = withoutHeader(root.items);
  const ordered = inOrderAt({ ...root, items }, [{ schema, file: schema }]) as CollectionNode;
  const [first, ...others] = ordered.items;
  if (!first || header.length === 0) return ordered;
  // What was separated from the first key stays so.
  const isApart = root.items[0]?.before.length === header.length && root.items[0].blankBefore;
  const before = first.before.map((comment, index) =>
    index === 0 ? { ...comment, blankBefore: true } : comment,
  );
  const blankBefore = first.before.length > 0 ? first.blankBefore : isApart;
  return { ...ordered, items: [{ ...first, before: [...header, ...before], blankBefore }, ...others] };
}

/** The comments that begin the file and speak for all of it: an editor's line, and what an empty line sets apart. */
function withoutHeader(items: Item[]): { header: Comment[]; items: Item[] } {
  const [first, ...others] = items;
  if (!first) return { header: [], items };
  const { before, blankBefore } = first;
  const lastApart = blankBefore ? before.length : before.findLastIndex((comment) => comment.blankBefore);
  const length = Math.max(lastApart, before.findLastIndex(({ text }) => MODELINE.test(text)) + 1);
  return {
    header: before.slice(0, length),
    items: [{ ...first, before: before.slice(length) }, ...others],
  };
}

const MODELINE = /^#\s*yaml-language-server:/;

function inOrderAt(node: LayoutNode, places: readonly Place[]): LayoutNode {
  if (node.type === 'scalar') return node;
  const known = places.flatMap(alternatives);
  if (node.type === 'list') {
    const inner = known.flatMap(({ schema, file }) => (schema.items ? [{ schema: schema.items, file }] : []));
    return { ...node, items: node.items.map((item) => ({ ...item, value: inOrderAt(item.value, inner) })) };
  }
  const keys = known.flatMap(({ schema }) => Object.keys(schema.properties ?? {}));
  const rank = ({ key }: Item): number =>
    (keys.indexOf(key?.name ?? '') + keys.length + 1) % (keys.length + 1);
  const items = node.items.map((item) => ({
    ...item,
    value: inOrderAt(item.value, valuePlaces(known, item.key?.name ?? '')),
  }));
  return { ...node, items: items.sort((a, b) => rank(a) - rank(b)) };
}

function valuePlaces(places: readonly Place[], key: string): Place[] {
  return places.flatMap(({ schema: { properties = {}, additionalProperties }, file }) => {
    if (Object.hasOwn(properties, key)) return [{ schema: properties[key] as Schema, file }];
    return typeof additionalProperties === 'object' ? [{ schema: additionalProperties, file }] : [];
  });
}

/** The schema itself with what it refers to and the alternatives that it gives. */
function alternatives({ schema, file }: Place): Place[] {
  const inner = (schema.oneOf ?? []).flatMap((each) => alternatives({ schema: each, file }));
  if (schema.$ref === undefined) return [{ schema, file }, ...inner];
  const [name, pointer = ''] = schema.$ref.split('#/$defs/');
  const target = name === '' ? file : (common as unknown as Schema);
  const referred = target.$defs?.[pointer];
  return [{ schema, file }, ...inner, ...(referred ? alternatives({ schema: referred, file: target }) : [])];
}
