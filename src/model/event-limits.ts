// What an event may hold: the same for the relay, which takes it from apps, and for the collector, which takes it from relays.

/** How far ahead of the receiver's clock `atMs` may lie, since clocks differ. */
export const MOST_AHEAD_MS = 5 * 60_000;
/** What is older belongs to no window that is still being looked at. */
export const MOST_AGE_MS = 30 * 86_400_000;

/** In UTF-16 units, from 1. */
export const MOST_NAME_CHARS = 100;
export const MOST_ID_CHARS = 100;
export const MOST_UNIT_CHARS = 500;
export const MOST_TEXT_CHARS = 500;
export const MOST_PROPERTIES = 50;

const NAME = /^[\p{L}\p{N}$_](?:[\p{L}\p{M}\p{N}$_ .:/-]*[\p{L}\p{M}\p{N}$_])?$/u;
const ID = /^[\x21-\x7e]+$/;

/**
 * Whether a text names an event or a property: 1 to 100 characters, letters and digits of any script, `$` and `_`, and
 * between them also spaces, `.`, `:`, `/` and `-`.
 */
export function isEventName(text: string): boolean {
  return text.length <= MOST_NAME_CHARS && NAME.test(text);
}

/** Whether a text is an event's id: 1 to 100 printable characters of ASCII, without spaces. */
export function isEventId(text: string): boolean {
  return text.length <= MOST_ID_CHARS && ID.test(text);
}

/** Whether a text can be a unit in events: 1 to 500 characters that PostgreSQL can store. */
export function isEventUnit(text: string): boolean {
  return text.length > 0 && text.length <= MOST_UNIT_CHARS && isStorable(text);
}

/** Whether a text can be a property's value: up to 500 characters that PostgreSQL can store. */
export function isEventText(text: string): boolean {
  return text.length <= MOST_TEXT_CHARS && isStorable(text);
}

/** PostgreSQL has no U+0000, and UTF-8 no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
