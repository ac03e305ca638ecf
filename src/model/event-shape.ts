// What an event must be like on its way from relay to collector: its fields, their types and their limits.
import { createHash } from 'node:crypto';
import type { Event } from './event.ts';
import {
  isEventId,
  isStorable,
  MOST_ID_CHARS,
  MOST_NAME_CHARS,
  MOST_PROPERTIES,
  MOST_TEXT_CHARS,
  MOST_UNIT_CHARS,
} from './event-limits.ts';

/** Keys of definitions are shorter than that. */
const MOST_KEY_CHARS = 200;
/** How many attributes' units one event may have. */
const MOST_UNITS = 16;

/** What may be wrong with the shape of an event; stable words, for answers and metrics. */
export const SHAPE_FAULTS = [
  'malformed',
  'type',
  'missing',
  'wrong-type',
  'length',
  'text',
  'number',
  'count',
] as const;
export type ShapeFaultCode = (typeof SHAPE_FAULTS)[number];

/** Why an event is refused. `reason` is for people; it names fields and holds nothing of their contents. */
export interface EventFault<Code extends string = string> {
  code: Code;
  reason: string;
}

/** The latest instant that PostgreSQL and JavaScript both know; nobody's clock is there. */
const LATEST_MS = 8.64e15;
/** Revisions are PostgreSQL's integer. */
const MOST_REVISIONS = 2 ** 31 - 1;

/** An event of a JSON value, or what is wrong with it first. Members that nobody knows are passed over. */
export function readEvent(value: unknown): Event | EventFault<ShapeFaultCode> {
  if (!isObject(value)) return fault('malformed', 'The line is not a JSON object.');
  const { type } = value;
  if (type !== 'exposure' && type !== 'track')
    return fault('type', '`type` is neither "exposure" nor "track".');
  const wrong = commonFault(value) ?? (type === 'exposure' ? exposureFault(value) : trackFault(value));
  return wrong ?? (value as unknown as Event);
}

/** Events have a type, and faults have none. */
export function isFault<Code extends string>(read: Event | EventFault<Code>): read is EventFault<Code> {
  return !('type' in read);
}

type Fields = { readonly [name: string]: unknown };
type Found = EventFault<ShapeFaultCode> | undefined;

function commonFault(fields: Fields): Found {
  return (
    textFault('id', fields.id, MOST_ID_CHARS) ??
    idFault(fields.id as string) ??
    textFault('environment', fields.environment, MOST_KEY_CHARS) ??
    timeFault(fields.atMs)
  );
}

function exposureFault(fields: Fields): Found {
  return (
    textFault('experiment', fields.experiment, MOST_KEY_CHARS) ??
    textFault('arm', fields.arm, MOST_KEY_CHARS) ??
    textFault('unitAttribute', fields.unitAttribute, MOST_NAME_CHARS) ??
    textFault('unit', fields.unit, MOST_UNIT_CHARS) ??
    revisionFault(fields.revision)
  );
}

function trackFault(fields: Fields): Found {
  return (
    textFault('event', fields.event, MOST_NAME_CHARS) ??
    unitsFault(fields.units) ??
    (fields.value === undefined ? undefined : numberFault('value', fields.value)) ??
    (fields.properties === undefined ? undefined : propertiesFault(fields.properties))
  );
}

function textFault(name: string, value: unknown, most: number): Found {
  if (value === undefined) return fault('missing', `\`${name}\` is missing.`);
  if (typeof value !== 'string') return fault('wrong-type', `\`${name}\` is no text.`);
  if (value === '') return fault('length', `\`${name}\` is empty.`);
  if (value.length > most) return fault('length', `\`${name}\` is longer than ${most} characters.`);
  return charactersFault(name, value);
}

function idFault(id: string): Found {
  return isEventId(id) ? undefined : fault('text', '`id` holds what is no printable character of ASCII.');
}

function charactersFault(name: string, value: string): Found {
  if (isStorable(value)) return undefined;
  return fault('text', `\`${name}\` holds U+0000 or half of a surrogate pair, which cannot be kept.`);
}

function timeFault(value: unknown): Found {
  if (value === undefined) return fault('missing', '`atMs` is missing.');
  if (typeof value !== 'number') return fault('wrong-type', '`atMs` is no number of epoch milliseconds.');
  if (!Number.isSafeInteger(value) || Math.abs(value) > LATEST_MS)
    return fault('number', '`atMs` is no whole number of epoch milliseconds.');
  return undefined;
}

function revisionFault(value: unknown): Found {
  if (value === undefined) return undefined;
  if (typeof value !== 'number') return fault('wrong-type', '`revision` is no number.');
  if (!Number.isInteger(value) || value < 0 || value > MOST_REVISIONS)
    return fault('number', '`revision` is no whole number from 0.');
  return undefined;
}

/** JSON knows neither NaN nor infinities, but a number may be too large for a double: 1e999. */
function numberFault(name: string, value: unknown): Found {
  if (typeof value !== 'number') return fault('wrong-type', `\`${name}\` is no number.`);
  return Number.isFinite(value) ? undefined : fault('number', `\`${name}\` is too large for a number.`);
}

function unitsFault(units: unknown): Found {
  if (units === undefined) return fault('missing', '`units` is missing.');
  if (!isObject(units)) return fault('wrong-type', '`units` is no object of texts.');
  const attributes = Object.keys(units);
  if (attributes.length === 0) return fault('count', '`units` names no unit.');
  if (attributes.length > MOST_UNITS) return fault('count', `\`units\` has more than ${MOST_UNITS} members.`);
  for (const attribute of attributes) {
    const wrong =
      textFault('units', attribute, MOST_NAME_CHARS) ?? textFault('units', units[attribute], MOST_UNIT_CHARS);
    if (wrong) return wrong;
  }
  return undefined;
}

function propertiesFault(properties: unknown): Found {
  if (!isObject(properties)) return fault('wrong-type', '`properties` is no object.');
  const names = Object.keys(properties);
  if (names.length > MOST_PROPERTIES)
    return fault('count', `\`properties\` has more than ${MOST_PROPERTIES} members.`);
  for (const name of names) {
    const wrong = textFault('properties', name, MOST_NAME_CHARS) ?? propertyFault(properties[name]);
    if (wrong) return wrong;
  }
  return undefined;
}

function propertyFault(value: unknown): Found {
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return numberFault('properties', value);
  if (typeof value !== 'string')
    return fault('wrong-type', 'A member of `properties` is neither a number nor a boolean nor a text.');
  if (value.length > MOST_TEXT_CHARS)
    return fault('length', `A text in \`properties\` is longer than ${MOST_TEXT_CHARS} characters.`);
  return charactersFault('properties', value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(code: ShapeFaultCode, reason: string): EventFault<ShapeFaultCode> {
  return { code, reason };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * What an event's id is kept as: a UUID as it is, in lower case; any other text as a UUIDv8 (RFC 9562 §5.8) of the first
 * 16 bytes of SHA-256 over `project LF id`, in UTF-8.
 */
export function eventUuid(project: string, id: string): string {
  if (UUID.test(id)) return id.toLowerCase();
  const bytes = createHash('sha256').update(`${project}\n${id}`, 'utf8').digest();
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
