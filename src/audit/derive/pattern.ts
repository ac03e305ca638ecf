// Path patterns, by following every way through them at once: `*` within a name, `**` for any number of folders. Pure.

/** Whether a path is one of those that a pattern names. */
export function isPathNamed(path: string, pattern: string): boolean {
  const names = pattern.split('/');
  // What ends with `**` names files, so at least one name follows.
  if (names.at(-1) === '**') names.push('*');
  return fits(path.split('/'), names, '**', (name, wanted) => fits([...name], [...wanted], '*', Object.is));
}

/** Time: the number of items times the length of the pattern. */
function fits(
  items: readonly string[],
  pattern: readonly string[],
  star: string,
  isItem: (item: string, wanted: string) => boolean,
): boolean {
  let reached = passStars(new Set([0]), pattern, star);
  for (const item of items) {
    const next = new Set<number>();
    for (const at of reached) {
      const wanted = pattern[at];
      if (wanted === star) next.add(at);
      else if (wanted !== undefined && isItem(item, wanted)) next.add(at + 1);
    }
    reached = passStars(next, pattern, star);
  }
  return reached.has(pattern.length);
}

/** A star may stand for nothing. A set that grows while it is walked is walked to its end. */
function passStars(reached: Set<number>, pattern: readonly string[], star: string): Set<number> {
  for (const at of reached) if (pattern[at] === star) reached.add(at + 1);
  return reached;
}
