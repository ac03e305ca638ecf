// Block scalars (`|` and `>`): their text without the indentation that is none of its own.

/**
 * The header without its comment, then the lines of the content. `source` begins with the header; `value` is what YAML
 * makes of it, which tells the content's own leading spaces from the indentation.
 */
export function blockLines(source: string, value: string): string[] {
  const [header = '', ...content] = source.split('\n');
  const first = content.find(isFull);
  const indent = leadingSpaces(first) - leadingSpaces(value.split('\n').find(isFull));
  const lines = first
    ? content.map((line) => (leadingSpaces(line) < indent ? '' : line.slice(indent)))
    : value.split('\n');
  if (lines.at(-1) === '') lines.pop();
  while (!keepsLineBreaks(header) && lines.length > 0 && !isFull(lines.at(-1) ?? '')) lines.pop();
  return [/^[|>][-+0-9]*/.exec(header)?.[0] ?? header, ...lines];
}

/** Whether empty lines at the end belong to the text (`|+`). */
export function keepsLineBreaks(header: string): boolean {
  return /^[|>][0-9]?\+/.test(header);
}

function isFull(line: string): boolean {
  return withoutBlanks(line) !== '';
}

function leadingSpaces(line = ''): number {
  return line.length - line.replace(/^ +/, '').length;
}

/** The text without what YAML counts as white space at its end; other characters may look like that too. */
export function withoutBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
