// Patterns for paths: `*` for anything within one name, `**` for any number of folders. Nothing else, and case counts.

const ANY_FOLDERS = '**';

/** Other tools' patterns mean something by these; a rule that took them for letters would fit less than its author thinks. */
const FOREIGN = /[\\?[\]{}()|!]/;

/** What makes a pattern unreadable, as the end of a sentence that begins with it; undefined for one that can be read. */
export function patternFault(pattern: string): string | undefined {
  const names = pattern.split('/');
  if (FOREIGN.test(pattern)) return `has ${FOREIGN.exec(pattern)?.[0]}, which no pattern has`;
  if (names.includes('')) return 'has an empty name: it begins or ends with `/`, or has two in a row';
  if (names.includes('.') || names.includes('..')) return 'has `.` or `..`, which no path has';
  if (names.some((name) => name !== ANY_FOLDERS && name.includes(ANY_FOLDERS)))
    return 'has `**` within a name: it stands alone, between slashes';
  return undefined;
}

/**
 * The test for a pattern that can be read. At the end, `**` means all that is in a folder, at any depth.
 * Time: the pattern's length times the path's, at worst.
 */
export function pathPattern(pattern: string): (path: string) => boolean {
  const fault = patternFault(pattern);
  if (fault !== undefined) throw new Error(`the pattern ${pattern} ${fault}`);
  const names = pattern.split('/');
  if (names.at(-1) === ANY_FOLDERS) names.push('*');
  const characters = new Map(names.map((name) => [name, [...name]]));
  const isName = (name: string, wanted: string): boolean =>
    name === wanted || fits([...name], characters.get(wanted) ?? [], '*', isSame);
  return (path) => fits(path.split('/'), names, ANY_FOLDERS, isName);
}

/**
 * Whether the items are those of a pattern in which `star` stands for any number of them. Where an item does not fit, the
 * last star takes one more: what the stars before it took need never be looked at again.
 */
function fits(
  items: readonly string[],
  pattern: readonly string[],
  star: string,
  isItem: (item: string, wanted: string) => boolean,
): boolean {
  let at = 0;
  let next = 0;
  let afterStar = -1;
  let taken = 0;
  while (at < items.length) {
    const wanted = pattern[next];
    if (wanted === star) {
      next += 1;
      afterStar = next;
      taken = at;
    } else if (wanted !== undefined && isItem(items[at] ?? '', wanted)) {
      at += 1;
      next += 1;
    } else if (afterStar >= 0) {
      taken += 1;
      at = taken;
      next = afterStar;
    } else return false;
  }
  while (pattern[next] === star) next += 1;
  return next === pattern.length;
}

function isSame(a: string, b: string): boolean {
  return a === b;
}
