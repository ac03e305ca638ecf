// Words that refusals and requirements share: what is done where, how many approvals, and lists of names that stay short.
import type { AccessAction } from '../model/definitions.gen.ts';

/** More names are counted. */
export const MOST_NAMES = 8;

/** `change it in dev and prod`. */
export function deed(action: AccessAction, environments: readonly string[]): string {
  const where = `in ${listed(environments, 'and')}`;
  switch (action) {
    case 'change':
      return `change it ${where}`;
    case 'change-access':
      return `change the access policy ${where}`;
    case 'override':
      return `override it ${where}`;
  }
}

/** `1 approval`, `2 approvals`. */
export function countedApprovals(count: number): string {
  return `${count} ${count === 1 ? 'approval' : 'approvals'}`;
}

/** `a, b and c`; of many, `a, b, … and 4 more`. */
export function listed(names: readonly string[], conjunction: 'and' | 'or'): string {
  const more = names.length - MOST_NAMES;
  const shown = more > 0 ? [...names.slice(0, MOST_NAMES), `${more} more`] : names;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown.at(-1)}`;
}
