// What is promoted where, and the place of an environment that a flag does not name yet.
import type { Item } from '../definitions/layout.ts';
import { scalarText } from './scalar-text.ts';

export interface Promotion {
  from: string;
  to: string;
  /** All environments of the project, in the order of promotion. */
  order: readonly string[];
}

/** The last environment in the file that comes before `to` in the order of promotion. */
export function itemBefore({ to, order }: Promotion, items: readonly Item[]): Item | undefined {
  const earlier = new Set(order.slice(0, order.indexOf(to)));
  return items.findLast(({ key }) => earlier.has(key?.name ?? ''));
}

/** An environment's name as a key, in double quotes where that of the item is. */
export function nameLike({ key }: Item, name: string, inFlow: boolean): string {
  return key?.style === 'double' ? JSON.stringify(name) : scalarText(name, inFlow);
}
