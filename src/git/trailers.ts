// The trailers of a commit's message (`Reviewed-by: Name <mail>`), found as git finds them: see trailer.c and git-interpret-trailers(1).

export interface Trailer {
  /** As it is written; upper and lower case mean the same. */
  name: string;
  /** On one line; may be empty. */
  value: string;
}

const MADE_BY_GIT = ['Signed-off-by: ', '(cherry picked from commit '];

/** Those of the message's last paragraph, if that is a block of trailers and not the subject's. In their order. */
export function trailersOf(message: string): Trailer[] {
  const lines = withoutEnd(message.split('\n'));
  const found: { name: string; parts: string[] }[] = [];
  let open: string[] | undefined;
  for (const line of lines.slice(startOfTrailers(lines))) {
    if (open && isIndented(line)) {
      open.push(line);
      continue;
    }
    const separator = line.startsWith('#') ? -1 : separatorIn(line);
    open = separator < 1 ? undefined : [line.slice(separator + 1)];
    if (open) found.push({ name: trimmed(line.slice(0, separator)), parts: open });
  }
  return found.map(({ name, parts }) => ({ name, value: trimmed(parts.map(trimmed).join(' ')) }));
}

/** Without the empty lines and comments at the end. */
function withoutEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line !== '' && !line.startsWith('#'));
  return lines.slice(0, last + 1);
}

/**
 * Looks from the end for an empty line, after which all lines are trailers, or a quarter of them where git itself has
 * made one. The number of lines where there is none.
 */
function startOfTrailers(lines: readonly string[]): number {
  const title = lines.findIndex((line) => !line.startsWith('#') && isBlank(line));
  const counts = { trailers: 0, others: 0, indented: 0 };
  let [isByGit, isEmpty] = [false, true];
  for (let at = lines.length - 1; at >= title && title >= 0; at--) {
    const line = lines[at] ?? '';
    if (line.startsWith('#')) {
      counts.others += counts.indented;
      counts.indented = 0;
    } else if (isBlank(line)) {
      if (isEmpty) continue;
      counts.others += counts.indented;
      const isBlock = isByGit
        ? counts.trailers * 3 >= counts.others
        : counts.trailers > 0 && counts.others === 0;
      return isBlock ? at + 1 : lines.length;
    } else {
      isEmpty = false;
      const byGit = MADE_BY_GIT.some((beginning) => line.startsWith(beginning));
      isByGit ||= byGit;
      if (!byGit && isIndented(line)) {
        counts.indented += 1;
        continue;
      }
      const isTrailer = byGit || separatorIn(line) >= 1;
      if (isTrailer) counts.trailers += 1;
      else counts.others += 1 + counts.indented;
      counts.indented = 0;
    }
  }
  return lines.length;
}

/** Where the colon stands after a word of letters, digits and dashes, and spaces; -1 where there is none. */
function separatorIn(line: string): number {
  const beginning = /^(?:[A-Za-z0-9-]+[ \t]*)?:/.exec(line)?.[0];
  return beginning === undefined ? -1 : beginning.length - 1;
}

/** Space as C has it. */
const SPACES = '[ \\t\\n\\v\\f\\r]';
const BLANK = new RegExp(`^${SPACES}*$`);
const INDENTED = new RegExp(`^${SPACES}`);

function isBlank(line: string): boolean {
  return BLANK.test(line);
}

function isIndented(line: string): boolean {
  return INDENTED.test(line);
}

function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isIndented(text[from] ?? '')) from++;
  while (to > from && isIndented(text[to - 1] ?? '')) to--;
  return text.slice(from, to);
}
