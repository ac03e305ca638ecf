// `halyard power`: how many units an experiment needs and how long that takes, before it starts.
import { Command, InvalidArgumentError, Option } from 'commander';
import { chooseProject } from '../audit/log.ts';
import { powerOf } from '../experiments/power.ts';
import type { PowerOptions } from '../experiments/power-options.ts';
import { UsageError } from '../lib/errors.ts';
import { withExperiments } from './analyze/database.ts';
import { powerLines } from './power/text.ts';
import { say } from './terminal.ts';

interface Options {
  environment?: string;
  project?: string;
  databaseUrl?: string;
  days: number;
  baseline?: number;
  sd?: number;
  unitsPerDay?: number;
  minimumEffect?: number;
  format: 'text' | 'json';
}

const HELP = `
The baseline is that of the units with any event in the last days, whose windows are over; the size is that of the plan which
\`halyard analyze\` will record from the experiment's own first units. Nothing is written: halyard_reader is enough.

Examples:
  $ halyard power page-layout
  $ halyard power page-layout --days 28 --minimum-effect 0.05
  $ halyard power page-layout --baseline 0.12 --units-per-day 4000
  $ halyard power order-form --baseline 41.5 --sd 60 --format json

Exit codes: 0 printed, 2 wrong use, 3 PostgreSQL does not answer.`;

/** The subcommand `power`. */
export function command(): Command {
  return new Command('power')
    .summary('say how many units an experiment needs')
    .description('Says how many units an experiment needs, how long that takes, and what it could find.')
    .argument('<experiment>', 'the key of the experiment')
    .option('--environment <name>', 'where it runs (needed where it runs in several)')
    .option('--project <key>', 'the project, where the database has several')
    .option('--database-url <url>', 'the PostgreSQL to read')
    .addOption(
      new Option('--days <days>', 'measure the baseline in the last days').argParser(readDays).default(14),
    )
    .option('--baseline <value>', 'the rate, mean or ratio, instead of a measured one', readNumber)
    .option('--sd <value>', 'the standard deviation of a unit, beside --baseline', readPositive)
    .option('--units-per-day <units>', 'who takes part, instead of measured traffic', readPositive)
    .option(
      '--minimum-effect <share>',
      'relative to the baseline, instead of the one in the file',
      readPositive,
    )
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(run);
}

async function run(experiment: string, options: Options): Promise<void> {
  const { databaseUrl, format, project: named, ...rest } = options;
  if (rest.sd !== undefined && rest.baseline === undefined)
    throw new UsageError('--sd goes with --baseline: give both, or neither.');
  const report = await withExperiments(databaseUrl, 'halyard power', async (pool) => {
    const project = await chooseProject(pool, named);
    const asked: PowerOptions = { project, experiment, ...rest };
    const found = await powerOf(pool, asked);
    assertGiven(found.type, asked);
    return found;
  });
  if (format === 'json') process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else say(...powerLines(report));
}

/** Throws UsageError where the numbers given are none that such a metric has. */
function assertGiven(type: string, { baseline, sd }: PowerOptions): void {
  if (baseline === undefined) return;
  if (type === 'binary' && !(baseline > 0 && baseline < 1))
    throw new UsageError('--baseline of a binary metric is a rate between 0 and 1, 0.12 say.');
  if (type !== 'binary' && sd === undefined)
    throw new UsageError(
      `a ${type} metric has no standard deviation that follows from its baseline: give --sd.`,
    );
}

function readDays(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected whole days, 14 say.');
}

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && Math.abs(value) <= 1e100) return value;
  throw new InvalidArgumentError('Expected a number.');
}

function readPositive(text: string): number {
  const value = readNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}
