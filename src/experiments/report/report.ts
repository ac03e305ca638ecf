// The formats of a report, in one table.
import type { Analysis } from '../analysis.ts';
import { reportHtml } from './html.ts';
import { reportJson } from './json.ts';
import { reportMarkdown } from './markdown.ts';
import { reportText, type TextOptions } from './text.ts';

export const REPORT_FORMATS = ['text', 'json', 'markdown', 'html'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

const REPORTS: {
  readonly [Format in ReportFormat]: (analysis: Analysis, terminal: TextOptions) => string;
} = { text: reportText, json: reportJson, markdown: reportMarkdown, html: reportHtml };

/** The whole report, ending in a line feed. `terminal` is for text alone: 80 columns without colours if it is left out. */
export function report(analysis: Analysis, format: ReportFormat, terminal: TextOptions = {}): string {
  return REPORTS[format](analysis, terminal);
}
