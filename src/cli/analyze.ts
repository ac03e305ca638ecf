// `halyard analyze`: whether an experiment's change helped, by the events that were counted; and what was said before.
import { Command, InvalidArgumentError, Option } from 'commander';
import { chooseProject } from '../audit/log.ts';
import type { Pool } from '../db/pool.ts';
import { analyze } from '../experiments/analyze.ts';
import { listAnalyses, PAGE_SIZE, readAnalysis } from '../experiments/history.ts';
import { REPORT_FORMATS, type ReportFormat, report } from '../experiments/report/report.ts';
import { UsageError } from '../lib/errors.ts';
import { withExperiments } from './analyze/database.ts';
import { historyLines } from './analyze/history-text.ts';
import { readInstant } from './instant.ts';
import { styled } from './terminal.ts';

interface Options {
  environment?: string;
  project?: string;
  databaseUrl?: string;
  at?: number;
  format: ReportFormat;
  history?: boolean;
  kept?: number;
}

const HELP = `
A result is said when its plan allows it: at a planned look, or at the planned size or end. Before that there are numbers,
but no p-value and no interval. The plan and each look are recorded, once; what was shown is kept, and can be shown again.
--at says what stood at an earlier time: it recomputes, and records nothing.

The login needs halyard_analyst, or the owner's rights; for --at, --history and --kept halyard_reader is enough.

Examples:
  $ halyard analyze page-layout
  $ halyard analyze page-layout --environment prod --format html > page-layout.html
  $ halyard analyze page-layout --at 2027-01-15T00:00:00Z --format json | jq '.verdict'
  $ halyard analyze page-layout --history
  $ halyard analyze page-layout --kept 12 --format markdown

Exit codes: 0 printed, whatever the verdict, 2 wrong use, 3 PostgreSQL does not answer.`;

/** The subcommand `analyze`. */
export function command(): Command {
  return new Command('analyze')
    .summary('say whether an experiment helped')
    .description(
      'Says whether an experiment helped: the verdict first, then the numbers, then how they were computed.',
    )
    .argument('<experiment>', 'the key of the experiment')
    .option('--environment <name>', 'where it runs (needed where it runs in several)')
    .option('--project <key>', 'the project, where the database has several')
    .option('--database-url <url>', 'the PostgreSQL to read')
    .option('--at <instant>', 'what stood then, RFC 3339; records nothing (default: now)', readInstant)
    .addOption(
      new Option('--history', `list the last ${PAGE_SIZE} analyses that were shown`).conflicts([
        'at',
        'kept',
      ]),
    )
    .addOption(
      new Option('--kept <number>', 'show that analysis again')
        .argParser(readNumber)
        .conflicts(['at', 'history']),
    )
    .addOption(new Option('--format <format>', 'how to print it').choices(REPORT_FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action(run);
}

async function run(experiment: string, options: Options): Promise<void> {
  const { at, format } = options;
  if (at !== undefined && at > Date.now())
    throw new UsageError('--at is in the future: nothing can be said of it yet.');
  if (at !== undefined && at < 0) throw new UsageError('--at is before 1970: no experiment ran then.');
  if (options.history && (format === 'html' || format === 'markdown'))
    throw new UsageError('--history prints text or json.');
  const text = await withExperiments(options.databaseUrl, 'halyard analyze', async (pool) => {
    const project = await chooseProject(pool, options.project);
    const named = { project, experiment, environment: options.environment };
    if (options.history) return historyText(pool, named, format);
    const analysis =
      options.kept === undefined
        ? await analyze(pool, { ...named, atMs: at, isKept: at === undefined })
        : await readAnalysis(pool, named, options.kept);
    const width = process.stdout.columns;
    return report(analysis, format, { style: styled, ...(width !== undefined && { width }) });
  });
  process.stdout.write(text);
}

async function historyText(
  pool: Pool,
  named: { project: string; experiment: string; environment: string | undefined },
  format: ReportFormat,
): Promise<string> {
  const analyses = await listAnalyses(pool, named);
  if (format === 'json') return `${JSON.stringify({ ...named, analyses })}\n`;
  return historyLines(analyses)
    .map((line) => `${line}\n`)
    .join('');
}

function readNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected the number of an analysis, 12 say.');
}
