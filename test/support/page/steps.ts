// What a Markdown page tells its reader to do, in order: files to write, edits to make, commands to run.

/** Lines are counted from 0; `first` and `last` are those of what the page shows as output, `last` excluded. */
export type Step =
  | { kind: 'write'; path: string; content: string }
  | { kind: 'edit'; path: string; diff: string[] }
  | { kind: 'run'; command: string; first: number; last: number };

interface Block {
  language: string;
  /** The line above the fence that is not blank. */
  above: string;
  lines: string[];
  /** Of the first line within the fence. */
  first: number;
}

/**
 * The steps of a page. A fenced block below a line that ends with a path and a colon is that file, or, as `diff`, an edit
 * of it. A `console` block holds commands, each after `$ ` and on to the next line after a `\`, and what they print.
 * Every other block is for reading.
 */
export function stepsOf(page: string): Step[] {
  return blocksOf(page.split('\n')).flatMap((block) => {
    if (block.language === 'console') return commandsOf(block);
    const [, path] = /`([\w./-]+)`:$/.exec(block.above) ?? [];
    if (path === undefined) return [];
    if (block.language === 'diff') return [{ kind: 'edit' as const, path, diff: block.lines }];
    return [{ kind: 'write' as const, path, content: block.lines.map((line) => `${line}\n`).join('') }];
  });
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let above = '';
  lines.forEach((line, index) => {
    const fence = /^```(\w*)$/.exec(line);
    if (open && fence) {
      blocks.push(open);
      open = undefined;
    } else if (open) {
      open.lines.push(line);
    } else if (fence) {
      open = { language: fence[1] ?? '', above, lines: [], first: index + 1 };
    }
    if (line.trim() !== '') above = line;
  });
  if (open) throw new Error(`a block is not closed: line ${open.first}`);
  return blocks;
}

function commandsOf({ lines, first }: Block): Step[] {
  if (!lines[0]?.startsWith('$ '))
    throw new Error(`a console block begins with a command: line ${first + 1}`);
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; ) {
    const start = at;
    while (lines[at]?.endsWith('\\')) at += 1;
    const command = lines
      .slice(start, at + 1)
      .join('\n')
      .slice(2);
    const output = at + 1;
    for (at = output; at < lines.length && !lines[at]?.startsWith('$ '); ) at += 1;
    steps.push({ kind: 'run', command, first: first + output, last: first + at });
  }
  return steps;
}
