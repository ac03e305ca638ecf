// Reads what an app tracks: each item is judged by itself, and refused with a reason that repeats nothing of it.
import { epochMs, parseInstant } from '../../engine/operands/instant.ts';
import { isContext } from '../../engine/subject.ts';
import type { Context } from '../../model/context.ts';
import type { TrackEvent } from '../../model/event.ts';
import {
  isEventId,
  isEventName,
  isEventText,
  MOST_AGE_MS,
  MOST_AHEAD_MS,
  MOST_PROPERTIES,
} from '../../model/event-limits.ts';
import type { DropReason, RefusedItem, Tracked } from '../events.ts';
import { newId } from './ids.ts';
import type { Scope } from './scope.ts';
import type { Units } from './units.ts';

/** What is told of an item: the event; or why it is dropped, though well-formed; or what is wrong with it. */
export type Read =
  | { type: 'event'; event: TrackEvent }
  | { type: 'dropped'; reason: DropReason }
  | { type: 'refused'; code: string; reason: string };

/** Why an item is refused. */
class ItemFault extends Error {
  readonly refusal: Omit<RefusedItem, 'index'>;

  constructor(code: string, reason: string) {
    super(reason);
    this.refusal = { code, reason };
  }
}

/** As many as the collector takes; targetingKey is the first of them. */
const MOST_UNITS = 16;
const MEMBERS = new Set(['event', 'context', 'unit', 'value', 'properties', 'id', 'at']);

export type Taken = Extract<Tracked, { type: 'taken' }>;

/** Reads the items of a call, and yields after each. */
export function* readItems(
  items: readonly unknown[],
  scope: Scope,
  units: Units,
  nowMs: number,
): Generator<void, { text: string; tracked: Taken; drops: DropReason[] }> {
  const tracked: Taken = { type: 'taken', accepted: 0, dropped: 0, refused: [] };
  const drops: DropReason[] = [];
  const lines: string[] = [];
  for (const [index, item] of items.entries()) {
    const read = readItem(item, scope, units, nowMs);
    if (read.type === 'event') lines.push(`${JSON.stringify(read.event)}\n`);
    else if (read.type === 'dropped') drops.push(read.reason);
    else tracked.refused.push({ index, code: read.code, reason: read.reason });
    yield;
  }
  tracked.accepted = lines.length;
  tracked.dropped = drops.length;
  return { text: lines.join(''), tracked, drops };
}

/** Reads one item. Never throws. */
export function readItem(item: unknown, scope: Scope, units: Units, nowMs: number): Read {
  const { stackTraceLimit } = Error;
  // A thousand faulty items are a thousand errors, of which nobody looks where they were made.
  Error.stackTraceLimit = 0;
  try {
    return readParts(item, scope, units, nowMs);
  } catch (error) {
    if (error instanceof ItemFault) return { type: 'refused', ...error.refusal };
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function readParts(item: unknown, scope: Scope, units: Units, nowMs: number): Read {
  if (!isContext(item))
    throw new ItemFault('item', 'An item must be a JSON object with `event` and `context` or `unit`.');
  for (const member of Object.keys(item)) {
    if (!MEMBERS.has(member)) {
      throw new ItemFault('item', `An item has no other members than ${[...MEMBERS].join(', ')}.`);
    }
  }
  const { event: name, value, properties } = item;
  if (typeof name !== 'string' || !isEventName(name)) {
    throw new ItemFault(
      'event',
      '`event` must be a name of 1 to 100 characters: letters, digits, $ and _, and between them also spaces, dots, colons, slashes and hyphens.',
    );
  }
  if (value !== undefined && !isNumber(value))
    throw new ItemFault('value', '`value` must be a finite number.');
  const read = readProperties(properties, value, scope);
  const id = readId(item.id, nowMs);
  const atMs = readTime(item.at, nowMs);
  const found = readUnits(item, scope, units);
  if (typeof found === 'string') return { type: 'dropped', reason: found };
  const { environment } = scope;
  const event: TrackEvent = { type: 'track', id, environment, atMs, event: name, units: found };
  if (value !== undefined) event.value = value;
  if (read !== undefined) event.properties = read;
  return { type: 'event', event };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function readId(id: unknown, nowMs: number): string {
  if (id === undefined) return newId(nowMs);
  if (typeof id === 'string' && isEventId(id)) return id;
  throw new ItemFault('id', '`id` must be a text of 1 to 100 printable ASCII characters without spaces.');
}

function readTime(at: unknown, nowMs: number): number {
  if (at === undefined) return nowMs;
  const instant = parseInstant(at);
  if (!instant) throw new ItemFault('at', '`at` must be an RFC 3339 date-time or epoch milliseconds.');
  const atMs = typeof at === 'number' ? Math.floor(at) : epochMs(at as string);
  if (atMs > nowMs + MOST_AHEAD_MS) throw new ItemFault('at', '`at` lies more than 5 minutes ahead.');
  if (atMs < nowMs - MOST_AGE_MS) throw new ItemFault('at', '`at` lies more than 30 days back.');
  return atMs;
}

function readProperties(properties: unknown, value: unknown, scope: Scope): TrackEvent['properties'] {
  if (properties === undefined) return undefined;
  if (!isContext(properties)) throw new ItemFault('properties', '`properties` must be a JSON object.');
  const names = Object.keys(properties);
  if (names.length > MOST_PROPERTIES) {
    throw new ItemFault('properties', `\`properties\` may have ${MOST_PROPERTIES} members.`);
  }
  for (const name of names) {
    if (!isEventName(name)) throw new ItemFault('properties', 'A property is named as events are.');
    if (scope.isPersonal(name)) {
      throw new ItemFault(
        'personal',
        'A property is named as a personal attribute is. Personal data are no properties.',
      );
    }
    const held = properties[name];
    const isText = typeof held === 'string' && isEventText(held);
    if (!isText && !isNumber(held) && typeof held !== 'boolean') {
      throw new ItemFault(
        'properties',
        'A property must be a finite number, true or false, or a text of up to 500 characters.',
      );
    }
  }
  if (value !== undefined && properties.value !== undefined && properties.value !== value) {
    throw new ItemFault('value', '`value` is the property of that name, so they must not differ.');
  }
  return names.length === 0 ? undefined : (properties as TrackEvent['properties']);
}

/** By attribute, what may leave the relay; or why nothing may. */
function readUnits({ context, unit }: Context, scope: Scope, units: Units): TrackEvent['units'] | DropReason {
  const found: TrackEvent['units'] = {};
  let isPersonal = false;
  for (const [attribute, text] of unitsSaid(context, unit, scope, units)) {
    if (Object.keys(found).length === MOST_UNITS) break;
    const outside = units.outside(attribute, text);
    if (outside === 'unit')
      throw new ItemFault('unit', 'A unit must be a text of 1 to 500 characters without U+0000.');
    if (outside === 'personal') isPersonal = true;
    else found[attribute.name] = outside.unit;
  }
  if (Object.keys(found).length > 0) return found;
  if (isPersonal) return 'personal';
  throw new ItemFault(
    'unit',
    'The context has neither targetingKey nor another attribute that an experiment splits by.',
  );
}

function* unitsSaid(
  context: unknown,
  unit: unknown,
  scope: Scope,
  units: Units,
): Generator<[Scope['units'][number], string]> {
  if ((context === undefined) === (unit === undefined)) {
    throw new ItemFault('unit', 'An item must have either `context` or `unit`, which is the targetingKey.');
  }
  if (context !== undefined && !isContext(context)) {
    throw new ItemFault('unit', '`context` must be a JSON object.');
  }
  const asked = context ?? { targetingKey: unit };
  const attributes = context === undefined ? scope.units.slice(0, 1) : scope.units;
  for (const attribute of attributes) {
    const text = units.inContext(attribute, asked as Context);
    if (text !== undefined) yield [attribute, text];
    else if (context === undefined) throw new ItemFault('unit', '`unit` must be a text or a whole number.');
  }
}
