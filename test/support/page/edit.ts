// An edit that a page shows as a diff, made in a file as its reader would.

/**
 * A line that begins with `@@` parts an edit into several. Throws where what one takes away, with the lines around it, is
 * not in the text exactly once.
 */
export function edited(text: string, diff: readonly string[], path: string): string {
  const parts = diff.join('\n').split(/^@@.*\n/m);
  return parts.reduce((rest, part) => editedOnce(rest, part.split('\n'), path), text);
}

function editedOnce(text: string, diff: readonly string[], path: string): string {
  const lines = diff.filter((line) => line !== '');
  const side = (sign: string) =>
    lines.flatMap((line) => (line[0] === ' ' || line[0] === sign ? `${line.slice(1)}\n` : [])).join('');
  const [before, after] = [side('-'), side('+')];
  const whole = `\n${text}`;
  const at = whole.indexOf(`\n${before}`);
  if (at === -1) throw new Error(`what the edit changes is not in ${path}:\n${before}`);
  if (whole.includes(`\n${before}`, at + 1))
    throw new Error(`what the edit changes is in ${path} twice:\n${before}`);
  return text.slice(0, at) + after + text.slice(at + before.length);
}
