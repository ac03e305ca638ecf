// The canonical order of keys: that of the schemas' properties.
import access from '../../schemas/access.schema.json' with { type: 'json' };
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

const kinds = { project, access, flag, segment, experiment, metric, test } as unknown as Record<
  FileKind,
  Schema
>;

/** A schema with the file that its references without a file are into. */
interface Place {
  schema: Schema;
  file: Schema;
}

/** The kind that the first key of that sort says, wherever it stands. An experiment's file names a flag too. */
export function kindOfLayout(root: CollectionNode): FileKind | undefined {
  const names = root.items.map(({ key }) => key?.name ?? '');
  const first = names.find(isKind);
  return first === 'flag' && names.includes('experiment') ? 'experiment' : first;
}

function isKind(name: string): name is FileKind {
  return Object.hasOwn(kinds, name);
}

/** The same layout, its keys in canonical order. Keys that the schema does not know come last. */
export function inOrder(root: CollectionNode, kind: FileKind): CollectionNode {
  const schema = kinds[kind];
  const { header, isApart, items } = withoutHeader(root.items);
  const ordered = inOrderAt({ ...root, items }, [{ schema, file: schema }]) as CollectionNode;
  const [first, ...others] = ordered.items;
  if (!first || header.length === 0) return ordered;
  const { before, ...item } = setApart(first, isApart);
  return { ...ordered, items: [{ ...item, before: [...header, ...before] }, ...others] };
}

/** The comments that begin the file and speak for all of it: an editor's line, and what an empty line sets apart. */
function withoutHeader(items: Item[]): { header: Comment[]; isApart: boolean; items: Item[] } {
  const [first, ...others] = items;
  if (!first) return { header: [], isApart: false, items };
  const { before, blankBefore } = first;
  const lastApart = blankBefore ? before.length : before.findLastIndex((comment) => comment.blankBefore);
  const length = Math.max(lastApart, before.findLastIndex(({ text }) => MODELINE.test(text)) + 1);
  const own = { ...first, before: before.slice(length) };
  const isApart = own.before[0]?.blankBefore ?? blankBefore;
  return { header: before.slice(0, length), isApart, items: [setApart(own, false), ...others] };
}

/** With or without an empty line above it and its comments. */
function setApart(item: Item, blankBefore: boolean): Item {
  const [first, ...others] = item.before;
  return first ? { ...item, before: [{ ...first, blankBefore }, ...others] } : { ...item, blankBefore };
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
  const items = node.items.map((item) => ({
    ...item,
    ...(item.key && keys.includes(item.key.name) && { key: unquoted(item.key) }),
    value: inOrderAt(item.value, valuePlaces(known, item.key?.name ?? '')),
  }));
  const rank = ({ key }: Item): number =>
    (keys.indexOf(key?.name ?? '') + keys.length + 1) % (keys.length + 1);
  return { ...node, items: items.sort((a, b) => rank(a) - rank(b)) };
}

/** The schemas' keys are plain words. */
function unquoted(key: NonNullable<Item['key']>): NonNullable<Item['key']> {
  return { ...key, style: 'plain', lines: [key.name] };
}

function valuePlaces(places: readonly Place[], key: string): Place[] {
  return places.flatMap(({ schema: { properties = {}, additionalProperties }, file }) => {
    if (Object.hasOwn(properties, key)) return [{ schema: properties[key] as Schema, file }];
    return typeof additionalProperties === 'object' ? [{ schema: additionalProperties, file }] : [];
  });
}

/** The schema itself with what it refers to and the alternatives that it gives. Schemas do not change. */
function alternatives(place: Place): Place[] {
  const known = knownAlternatives.get(place.schema) ?? findAlternatives(place);
  knownAlternatives.set(place.schema, known);
  return known;
}

const knownAlternatives = new WeakMap<Schema, Place[]>();

function findAlternatives({ schema, file }: Place): Place[] {
  const inner = (schema.oneOf ?? []).flatMap((each) => alternatives({ schema: each, file }));
  if (schema.$ref === undefined) return [{ schema, file }, ...inner];
  const [name, pointer = ''] = schema.$ref.split('#/$defs/');
  const target = name === '' ? file : (common as unknown as Schema);
  const referred = target.$defs?.[pointer];
  return [{ schema, file }, ...inner, ...(referred ? alternatives({ schema: referred, file: target }) : [])];
}
