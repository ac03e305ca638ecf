// `halyard import`: definitions from another system, and a report on everything that is not the same.
import { Argument, Command, Option } from 'commander';
import type { Imported } from '../import/imported.ts';
import { UsageError } from '../lib/errors.ts';
import { EXIT } from './exit.ts';
import { reportLines, whatCame } from './import/report-text.ts';
import { importFrom } from './import/source.ts';
import { systems } from './import/systems.ts';
import {
  type Fit,
  fallbackOf,
  filesOf,
  fitOf,
  type NewFile,
  readTarget,
  requireEnvironments,
  writeFiles,
} from './import/target.ts';
import { problemLines } from './problem-text.ts';
import { say } from './terminal.ts';

interface Options {
  out: string;
  project?: string;
  environment: string[];
  format: 'text' | 'json';
  dryRun: boolean;
}

const HELP = `
Systems:
${systems.map(({ name, takes }) => `  ${name.padEnd(13)} ${takes}`).join('\n')}

What is carried over gives the same answers wherever no hash is involved. What cannot be said in a definition is left out
whole and listed with the reason. Shares keep their numbers, but other units are in. No file is overwritten, and nothing is
written that \`halyard check\` refuses.

Examples:
  $ halyard import flagd flags.flagd.json --project acme/shop
  $ halyard import flagd flags.flagd.json --environment staging --environment prod --dry-run
  $ halyard import unleash export.json --out config/flags --project acme/shop
  $ halyard import flagd flags.flagd.json --format json | jq '.report[] | select(.kind == "left-out")'

Exit codes: 0 everything is carried over, 1 something is left out or does not go with what is there, 2 wrong use.`;

export function command(): Command {
  return new Command('import')
    .summary('take over flags from another system')
    .description('Writes definitions from the file of another system, and reports what is not the same.')
    .addArgument(new Argument('<system>', 'the other system').choices(systems.map(({ name }) => name)))
    .argument('<file>', 'its file, - for standard input, or the folder of a project')
    .option('--out <folder>', 'the folder of the definitions, new or not', 'flags')
    .option('--project <name>', 'organization/project, for a folder that has no project.yaml yet')
    .option('--environment <name...>', 'the environments to import into', [])
    .option('--dry-run', 'write nothing, only report', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(importFile);
}

async function importFile(systemName: string, file: string, options: Options): Promise<void> {
  const system = systems.find(({ name }) => name === systemName);
  if (!system) throw new UsageError(`there is no system "${systemName}"`);
  const target = await readTarget(options.out);
  if (!target.project && options.project === undefined)
    throw new UsageError(
      `${options.out} has no project.yaml yet: --project says whose it is, such as acme/shop`,
    );
  const read = { environments: options.environment, fallback: fallbackOf(target) };
  const imported = await importFrom(file, system, read);
  requireEnvironments(imported.environments, target);
  const files = await filesOf(imported, target, options.project ?? '');
  const fit = fitOf(imported, files, target);
  const misnamed = target.project
    ? undefined
    : fit.problems.find(({ file: path }) => path === 'project.yaml');
  if (misnamed) throw new UsageError(`--project ${options.project}: ${misnamed.message} ${misnamed.hint}`);
  const fits = fit.conflicts.length + fit.problems.length + fit.undeclared.length === 0;
  const isWritten = fits && !options.dryRun && imported.definitions.length > 0;
  if (isWritten) await writeFiles(options.out, files);
  const outcome = { imported, files, fit, isWritten };
  if (options.format === 'json') printJson(systemName, file, options, outcome);
  else say(...textLines(systemName, options, outcome));
  const isWhole = imported.report.every(({ kind }) => kind !== 'left-out');
  if (!fits || !isWhole) process.exitCode = EXIT.problems;
}

interface Outcome {
  imported: Imported;
  files: readonly NewFile[];
  fit: Fit;
  isWritten: boolean;
}

function printJson(system: string, file: string, { out, dryRun }: Options, outcome: Outcome): void {
  const { imported, files, fit, isWritten } = outcome;
  const { report, environments } = imported;
  const definitions = imported.definitions.map(({ kind, key, path, origin }) => ({
    kind,
    key,
    path,
    origin,
  }));
  const written = isWritten ? files.map(({ path }) => path) : [];
  const printed = { system, file, out, dryRun, environments, definitions, report, ...fit, written };
  process.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
}

function textLines(system: string, { out, dryRun }: Options, outcome: Outcome): string[] {
  const { imported, fit, isWritten } = outcome;
  const state = isWritten ? '' : dryRun ? ' (dry run)' : ' (not written)';
  const lines = [`From ${system} to ${out}: ${whatCame(imported)}${state}.`];
  lines.push(...reportLines(imported), ...fitLines(fit, out));
  if (isWritten) {
    lines.push(
      '',
      `Next: \`halyard check --path ${out}\`; give each flag an owner, and \`expires\` instead of \`permanent: true\``,
    );
    lines.push('to those that are to go one day.');
  }
  return lines;
}

function fitLines({ conflicts, problems, undeclared }: Fit, out: string): string[] {
  const lines: string[] = [];
  if (conflicts.length > 0)
    lines.push('', 'There already, and not overwritten:', ...conflicts.map((path) => `  ${out}/${path}`));
  if (undeclared.length > 0)
    lines.push(
      '',
      `Declare in ${out}/project.yaml, under \`attributes\`:`,
      ...undeclared.map((line) => `  ${line}`),
    );
  else lines.push(...problems.flatMap((problem) => ['', ...problemLines(problem, out)]));
  return lines.length === 0 ? [] : [...lines, '', 'Nothing is written.'];
}
