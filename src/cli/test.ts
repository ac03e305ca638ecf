// `halyard test`: runs the tests of flags, and tells what they do not reach.
import { writeFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readFolder } from '../io/folder.ts';
import { runUntilStopped } from '../io/lifecycle.ts';
import { UsageError } from '../lib/errors.ts';
import { unreachable } from '../lib/unreachable.ts';
import { placeInRepository } from './check/repository.ts';
import { EXIT } from './exit.ts';
import { styled } from './terminal.ts';
import { roundGithub } from './test/github.ts';
import { roundJson } from './test/json.ts';
import { roundJunit } from './test/junit.ts';
import { type Round, Rounds } from './test/round.ts';
import { roundText } from './test/text.ts';
import { watchTests } from './test/watch.ts';

const FORMATS = ['text', 'json', 'github', 'junit'] as const;

type Format = (typeof FORMATS)[number];

interface Options {
  path: string;
  format: Format;
  out?: string;
  coverage: boolean;
  minCoverage?: number;
  watch: boolean;
}

const EXAMPLES = `
Tests are files named ….test.yaml among the definitions: who must get what, case by case. A test runs on the files alone.

Examples:
  $ halyard test
  $ halyard test one-page-checkout
  $ halyard test flags/checkout --coverage
  $ halyard test --coverage --min-coverage 90
  $ halyard test --format github               # in a GitHub workflow: annotations in the pull request
  $ halyard test --format junit --out halyard-tests.xml
  $ halyard test --watch

Exit codes: 0 every case passes (or there is none), 1 cases fail, tests or definitions have errors or coverage is too
low, 2 wrong use. A watch that is stopped with Ctrl-C exits with 0.`;

/** The subcommand `test`. */
export function command(): Command {
  return new Command('test')
    .summary('run the tests of flags')
    .description('Runs the tests of flags: each case says who must get what, and why.')
    .argument('[flag-or-file...]', 'run the tests of these flags, files or folders alone')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .option('--out <file>', 'write what --format says to a file, and print text')
    .option('--coverage', 'list what no case reaches: rules, targets, percentages, …', false)
    .option('--min-coverage <percent>', 'fail below this coverage; says --coverage too', readPercent)
    .option('--watch', 'run again whenever a file changes', false)
    .addHelpText('after', EXAMPLES)
    .action(test);
}

async function test(wanted: string[], options: Options): Promise<void> {
  const { path, format, out, minCoverage, watch } = options;
  if (watch && format !== 'text' && out === undefined)
    throw new UsageError(`--watch prints text; to write ${format} each time, add --out`);
  if (out !== undefined && isDefinition(out, path))
    throw new UsageError(
      `the file "${out}" of --out would be read as a definition; give it another name or place`,
    );
  const rounds = new Rounds({
    path,
    wanted,
    coverage: options.coverage || minCoverage !== undefined,
    ...(minCoverage !== undefined && { minCoverage }),
  });
  if (watch) return runWatch(rounds, options);
  const round = await rounds.run(await readFolder(path));
  await report(round, options);
  if (!round.ok) process.exitCode = EXIT.problems;
}

/** A watch would also run again for what it writes, without end. */
function isDefinition(file: string, folder: string): boolean {
  return /\.ya?ml$/i.test(file) && resolve(file).startsWith(resolve(folder) + sep);
}

async function runWatch(rounds: Rounds, options: Options): Promise<void> {
  let isFirst = true;
  const ruler = () => {
    if (!isFirst) process.stdout.write(`${styled('dim', `— ${new Date().toLocaleTimeString('en-GB')} —`)}\n`);
    isFirst = false;
  };
  const service = (signal: AbortSignal) =>
    watchTests(
      options.path,
      async (entries) => {
        ruler();
        await report(await rounds.run(entries), options);
      },
      (message) => {
        ruler();
        process.stdout.write(`halyard: ${message}\n`);
      },
      signal,
    );
  await runUntilStopped(service, { stopWithinMs: 5_000 });
}

async function report(round: Round, { format, out }: Options): Promise<void> {
  if (out !== undefined) await writeReport(out, stripVTControlCharacters(await formatted(round, format)));
  process.stdout.write(await formatted(round, out === undefined ? format : 'text'));
}

async function formatted(round: Round, format: Format): Promise<string> {
  switch (format) {
    case 'text':
      return roundText(round);
    case 'json':
      return roundJson(round);
    case 'github':
      return roundGithub(round, await placeInRepository(round.path));
    case 'junit':
      return roundJunit(round);
    default:
      return unreachable(format);
  }
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`the file "${file}" of --out cannot be written (${code})`, { cause: error });
  }
}

function readPercent(text: string): number {
  const percent = Number(text);
  if (/^\d{1,3}(\.\d+)?$/.test(text) && percent <= 100) return percent;
  throw new InvalidArgumentError('It is a number from 0 to 100.');
}
