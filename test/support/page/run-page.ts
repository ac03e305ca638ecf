// Runs a Markdown page as its reader would, step by step, and says what it should show.
import { edited } from './edit.ts';
import { type Step, stepsOf } from './steps.ts';
import type { Workshop } from './workshop.ts';

/**
 * The page with what its commands really print. A line `…` that a page shows stands for lines that it leaves out, and stays
 * while the rest is so; durations (`0.20 s`), keys (`SHA256:…`), and commits, trees and hashes (`80ad2c7e51`, 40 or 64
 * digits) are those of the page.
 */
export async function runPage(page: string, workshop: Workshop): Promise<string> {
  const lines = page.split('\n');
  const printed: { first: number; last: number; output: string[] }[] = [];
  for (const step of stepsOf(page)) {
    const output = await take(step, workshop);
    if (step.kind !== 'run') continue;
    const shown = lines.slice(step.first, step.last);
    printed.push({ ...step, output: agrees(shown, output) ? shown : shortened(output, shown) });
  }
  for (const { first, last, output } of printed.reverse()) lines.splice(first, last - first, ...output);
  return lines.join('\n');
}

/** Returns the lines that are printed. */
async function take(step: Step, workshop: Workshop): Promise<string[]> {
  switch (step.kind) {
    case 'write':
      await workshop.write(step.path, step.content);
      return [];
    case 'edit':
      await workshop.write(step.path, edited(await workshop.read(step.path), step.diff, step.path));
      return [];
    case 'run': {
      const output = await workshop.run(step.command);
      return output === ''
        ? []
        : output
            .replace(/\n$/, '')
            .split('\n')
            .map((line) => line.trimEnd());
    }
  }
}

/** What the page left out is left out of what is printed now: as many lines as before stay around it. */
function shortened(output: string[], shown: readonly string[]): string[] {
  const [before, after] = [shown.indexOf('…'), shown.length - 1 - shown.lastIndexOf('…')];
  if (before === -1 || before + after >= output.length) return output;
  return [...output.slice(0, before), '…', ...output.slice(output.length - after)];
}

function agrees(shown: readonly string[], output: readonly string[]): boolean {
  const [line, ...rest] = shown;
  if (line === undefined) return output.length === 0;
  if (line !== '…')
    return output[0] !== undefined && isSame(line, output[0]) && agrees(rest, output.slice(1));
  return [...output.keys(), output.length].some((left) => agrees(rest, output.slice(left)));
}

function isSame(shown: string, printed: string): boolean {
  const plain = (line: string) =>
    line
      .replace(/\d+\.\d\d s\b/g, '0.00 s')
      .replace(/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:key')
      .replace(
        /\b([0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{16}|[0-9a-f]{10})\b/g,
        ({ length }) => `${length} digits`,
      );
  return plain(shown) === plain(printed);
}
