// docs/reports.md shows real reports. `HALYARD_REWRITE_GOLDEN=1` writes them into it, for a change that was meant.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReportFormat } from '../../../src/experiments/report/report.ts';
import { report } from '../../../src/experiments/report/report.ts';
import { runPage } from '../../support/page/run-page.ts';
import { Workshop } from '../../support/page/workshop.ts';
import { analysis, course, large, sequential } from './analyses.ts';

const page = join(import.meta.dirname, '../../../docs/reports.md');
const HTML_LINES = 9;

/** The blocks of the page by their language, and what each shows. */
function shown(format: ReportFormat): string {
  if (format === 'json') return report({ ...sequential(), course: course(1) }, 'json');
  const text = report(analysis(), format);
  return format === 'html' ? `${text.split('\n').slice(0, HTML_LINES).join('\n')}\n…\n` : text;
}

/** Fences of Markdown within Markdown are longer. */
function withReports(text: string): string {
  return (['text', 'markdown', 'html', 'json'] as const).reduce((before, format) => {
    const fence = format === 'markdown' ? '````' : '```';
    const block = new RegExp(`^${fence}${format}\\n(?:[^]*?\\n)??${fence}$`, 'm');
    expect(before).toMatch(block);
    return before.replace(block, () => `${fence}${format}\n${shown(format)}${fence}`);
  }, text);
}

test('what docs/reports.md shows is what is printed, and its commands do what it says', async () => {
  const text = await readFile(page, 'utf8');
  await using workshop = await Workshop.create();
  await workshop.bringSample();
  const [before = '', commands = ''] = text.split('## Ending an experiment');
  const real = `${withReports(before)}## Ending an experiment${await runPage(commands, workshop)}`;
  if (process.env.HALYARD_REWRITE_GOLDEN === '1') await writeFile(page, real);
  else expect(text).toBe(real);
});

test('an analysis of many metrics and arms has a report in every format', () => {
  for (const format of ['text', 'json', 'markdown', 'html'] as const)
    expect(report(large(4, 20), format).length).toBeGreaterThan(5_000);
});
