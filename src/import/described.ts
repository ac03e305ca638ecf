// What says nothing about whom a flag serves what: its description and its owner, and members that have no place here.
import { printable } from '../lib/printable.ts';
import type { FlagDefinition } from '../model/definitions.gen.ts';
import type { ReportItem } from './imported.ts';
import { type Noted, note } from './notes.ts';
import { isObject, type JsonObject, member, textMember } from './read.ts';

/** Description and owner, out of the metadata. All other metadata is told to have no place, as are members that are not `read`. */
export function describedBy(
  flag: JsonObject,
  read: ReadonlySet<string>,
  place: Noted,
): Pick<FlagDefinition, 'description' | 'owner'> {
  const metadata = member(flag, 'metadata');
  const fields = isObject(metadata) ? metadata : {};
  const [description, owner] = [textMember(fields, 'description'), textMember(fields, 'owner')];
  const described = { ...(description && { description }), ...(owner && { owner }) };
  const others = unread(fields, new Set(Object.keys(described))).map((name) => `metadata.${name}`);
  noteUnread([...others, ...unread(flag, new Set([...read, 'metadata']))], place);
  return described;
}

/** The members that are not `read` and hold something. */
export function unread(object: JsonObject, read: ReadonlySet<string>): string[] {
  return Object.keys(object).filter((name) => !read.has(name) && member(object, name) !== undefined);
}

export function noteUnread(names: readonly string[], place: Noted): void {
  if (names.length > 0) note(place, 'ignored', `It has no place: ${printable(names.join(', '), 200)}.`);
}

/** What a file holds beside what is `read`. */
export function unreadItems(file: JsonObject, read: ReadonlySet<string>): ReportItem[] {
  const reason = 'It belongs to no single flag, and has no place.';
  return unread(file, read).map((name) => ({ what: printable(name), kind: 'ignored', reason }));
}
