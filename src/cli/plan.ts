// `halyard plan`: what a change does, in words and numbers, and to whom.
import { Command, InvalidArgumentError, Option } from 'commander';
import { hintFor } from '../definitions/suggest.ts';
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import { planOf } from '../plan/plan-of.ts';
import { type WarningCode, warningCodes } from '../plan/warning-codes.ts';
import { readContextLines } from './contexts.ts';
import { EXIT } from './exit.ts';
import { readInstant } from './instant.ts';
import { planMarkdown } from './plan/markdown.ts';
import { headProblems, printProblems } from './plan/problems.ts';
import { makeReport, narrowed, type Report, reportJson } from './plan/report.ts';
import { inRepository } from './plan/repository.ts';
import { DEFAULT_BASES } from './plan/revisions.ts';
import { readSides, type Sides } from './plan/sides.ts';
import { countSubjects } from './plan/subjects.ts';
import { planLines } from './plan/text.ts';
import { trafficOf } from './plan/traffic.ts';
import { say } from './terminal.ts';

interface Options {
  path: string;
  format: 'text' | 'json' | 'markdown';
  environment?: string;
  contexts?: string;
  at?: number;
  traffic?: boolean;
  databaseUrl?: string;
  failOn?: readonly WarningCode[];
}

const CODES = Object.keys(warningCodes) as WarningCode[];

const HELP = `
Without a base, it is the first of ${DEFAULT_BASES.join(', ')}. Compared is where the head left the base, as in a pull
request. Without a head, it is the folder as it is on the disk, with what is not committed. Nothing is fetched, and your
repository is only read.

--contexts takes a file (or -) with one context a line, as JSON, and counts who of them gets another answer. It prints
their lines' numbers, and nothing else of them.

--traffic asks a database, which is only read, whether the events of new or changed experiments come at all, and
how many days their units would take. With --database-url that need not be said.

Warnings that --fail-on knows:
${CODES.map((code) => `  ${code.padEnd(23)}${warningCodes[code]}`).join('\n')}

Examples:
  $ halyard plan
  $ halyard plan origin/main --environment prod --contexts users.jsonl
  $ halyard plan v1.4 v1.5 --format json | jq '.warnings'
  $ halyard plan origin/main --format markdown --fail-on reshuffle,unreachable

Exit codes: 0 printed (warnings or not), 1 a warning of --fail-on or definitions with errors, 2 wrong use, 3 git or the
database fails.`;

/** The subcommand `plan`. */
export function command(): Command {
  return new Command('plan')
    .summary('say what a change does, and to whom')
    .description(
      'Compares two states of the definitions: what changes, and who moves, computed and not sampled.',
    )
    .argument('[base]', 'the commit, branch or tag to compare with')
    .argument('[head]', 'the commit, branch or tag that is looked at (default: the folder as it is)')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--environment <name>', 'this environment alone')
    .option('--contexts <file>', 'real subjects, one JSON object a line')
    .option('--at <instant>', 'compare schedules as of this time, RFC 3339 (default: now)', readInstant)
    .option('--traffic', 'ask the database of `halyard up`, or of HALYARD_DATABASE_URL, about real traffic')
    .option('--database-url <url>', 'ask this PostgreSQL about real traffic')
    .option('--fail-on <codes>', 'warnings that exit with 1, separated by commas', readCodes)
    .addOption(
      new Option('--format <format>', 'how to print').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addHelpText('after', HELP)
    .action(plan);
}

async function plan(base: string | undefined, head: string | undefined, options: Options): Promise<void> {
  const contexts =
    options.contexts === undefined ? undefined : await readContextLines(options.contexts, '--contexts');
  const sides = await inRepository(options.path, (repository) =>
    readSides(repository, options.path, { base, head }),
  );
  const problems = headProblems(sides);
  const after = sides.after.definitions;
  if (after === undefined || problems.length > 0) {
    printProblems(problems, sides, options);
    process.exitCode = EXIT.problems;
    return;
  }
  const nowMs = options.at ?? Date.now();
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const isAsked = options.traffic === true || options.databaseUrl !== undefined;
  const traffic = isAsked ? await trafficOf(sides.before, after, options.databaseUrl) : undefined;
  const whole = planOf(sides.before, after, { nowMs, today, ...(traffic && { traffic }) });
  const shown =
    options.environment === undefined ? whole : narrowed(whole, knownEnvironment(options.environment, sides));
  const report = makeReport({
    base: sides.base,
    head: sides.head,
    plan: shown,
    ...(options.environment !== undefined && { environment: options.environment }),
    ...(options.at !== undefined && { at: new Date(options.at).toISOString() }),
    ...(contexts && { subjects: countSubjects(shown, contexts, { before: sides.before, after }, nowMs) }),
  });
  print(report, options.format);
  if (shown.warnings.some(({ code }) => options.failOn?.includes(code))) process.exitCode = EXIT.problems;
}

function print(report: Report, format: Options['format']): void {
  if (format === 'text') say(...planLines(report));
  else process.stdout.write(format === 'json' ? reportJson(report) : planMarkdown(report));
}

/** One that either side has. Throws UsageError for another one. */
function knownEnvironment(environment: string, { before, after }: Sides): string {
  const known = new Set(
    [before, after.definitions].flatMap((side) => Object.keys(side?.project.environments ?? {})),
  );
  if (known.has(environment)) return environment;
  throw new UsageError(
    `there is no environment ${ticked(environment)}. ${hintFor(environment, [...known], '', 'There are')}`,
  );
}

function readCodes(value: string, earlier: readonly WarningCode[] = []): WarningCode[] {
  const codes = value.split(',').flatMap((code) => code.trim() || []);
  const unknown = codes.find((code) => !Object.hasOwn(warningCodes, code));
  if (unknown === undefined) return [...earlier, ...(codes as WarningCode[])];
  throw new InvalidArgumentError(`There is no warning ${ticked(unknown)}. There are: ${CODES.join(', ')}.`);
}
