// Flags with which the very same happens, through a segment say, are told once.
import { counted } from '../terminal.ts';
import type { Quote } from './shares-text.ts';

/** Names that stand for all of them. */
const MOST_NAMES = 4;

/** The things of which the same is said together, in the order of the first of each. */
export function alike<Thing>(
  things: readonly Thing[],
  say: (thing: Thing) => string[],
): { said: string[]; things: Thing[] }[] {
  const groups = new Map<string, { said: string[]; things: Thing[] }>();
  for (const thing of things) {
    const said = say(thing);
    const id = said.join('\n');
    const group = groups.get(id);
    if (group) group.things.push(thing);
    else groups.set(id, { said, things: [thing] });
  }
  return [...groups.values()];
}

/** `a, b, c, d and 36 flags more`. */
export function namesText(flags: readonly { flag: string }[], quote: Quote): string {
  const names = flags.slice(0, MOST_NAMES).map(({ flag }) => quote(flag));
  const more = flags.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${counted(more, 'flag')} more` : names.join(', ');
}
