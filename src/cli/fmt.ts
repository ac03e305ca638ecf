// `halyard fmt`: definitions and tests in canonical key order and layout.
import { buffer } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { type Formatted, format } from '../authoring/format.ts';
import { wholeFileProblem } from '../definitions/place.ts';
import { lineAndColumn } from '../definitions/positions.ts';
import { UsageError } from '../lib/errors.ts';
import { compareProblems, type Problem } from '../model/problem.ts';
import { EXIT } from './exit.ts';
import { readSources } from './fmt/sources.ts';
import { type Formatting, requireWritten, writeAll } from './fmt/write.ts';
import { problemLines } from './problem-text.ts';
import { counted, say } from './terminal.ts';

interface Options {
  path: string;
  check: boolean;
  format: 'text' | 'json';
}

/** The subcommand `fmt`. */
export function command(): Command {
  return new Command('fmt')
    .summary('write definitions in canonical key order and layout')
    .description(
      'Writes definitions and tests in canonical key order and layout. Comments stay, and nothing changes its meaning.',
    )
    .argument('[files...]', 'files and folders, or - to format standard input (default: --path)')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--check', 'write nothing, and fail if a file is not formatted', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
Keys come in the order of the schemas. What is in braces or brackets stays so where it fits into 100 columns. A comment
stays with the key that it is beside, above or at the end of. Files that are not well-formed are left alone and reported.

Examples:
  $ halyard fmt
  $ halyard fmt --check                     # in CI
  $ halyard fmt flags/checkout/new-cart.yaml
  $ halyard fmt - < new-cart.yaml           # for editors

Exit codes: 0 formatted, 1 files that cannot be formatted (with --check also: that are not), 2 wrong use, or
a file that cannot be written.`,
    )
    .action(fmt);
}

async function fmt(paths: string[], options: Options): Promise<void> {
  if (paths.includes('-')) {
    if (paths.length > 1) throw new UsageError('- stands for standard input, and is formatted alone');
    return fmtStandardInput(options);
  }
  const { files, problems } = await readSources(paths.length > 0 ? paths : [options.path]);
  const changed: Formatting[] = [];
  for (const { path, content } of files) {
    const result = format(content);
    if ('faults' in result) problems.push(...problemsOf(path, content, result));
    else if (!Buffer.from(result.text).equals(content)) changed.push({ path, content, text: result.text });
  }
  const written = options.check ? undefined : await writeAll(changed);
  report(
    {
      files: files.length,
      changed: written?.paths ?? changed.map(({ path }) => path),
      problems: problems.sort(compareProblems),
    },
    options,
  );
  if (written) requireWritten(written);
  if (problems.length > 0 || (options.check && changed.length > 0)) process.exitCode = EXIT.problems;
}

interface Report {
  files: number;
  changed: string[];
  problems: Problem[];
}

function report({ files, changed, problems }: Report, { check, format }: Options): void {
  if (format === 'json') {
    const ok = problems.length === 0 && !(check && changed.length > 0);
    say(JSON.stringify({ ok, files, [check ? 'unformatted' : 'formatted']: changed, problems }, null, 2));
    return;
  }
  const refused = problems.length > 0 ? `, ${counted(problems.length, 'problem')}` : '';
  const done = check ? 'not formatted' : 'formatted';
  const next = check && changed.length > 0 ? ' Run it without --check to format them.' : '';
  const summary = `${changed.length.toLocaleString('en')} of ${counted(files, 'file')} ${done}${refused}.${next}`;
  say(...problems.flatMap((problem) => problemLines(problem, '')), ...changed, summary);
}

async function fmtStandardInput({ check }: Options): Promise<void> {
  const content = await buffer(process.stdin);
  const result = format(content);
  if ('faults' in result) {
    const lines = problemsOf('-', content, result).flatMap((problem) => problemLines(problem, ''));
    process.stderr.write(lines.map((line) => `${line}\n`).join(''));
  } else if (!check) process.stdout.write(result.text);
  if ('faults' in result || (check && !Buffer.from(result.text).equals(content))) {
    process.exitCode = EXIT.problems;
  }
}

function problemsOf(
  path: string,
  content: Uint8Array,
  { faults }: Extract<Formatted, { faults: unknown }>,
): Problem[] {
  const text = new TextDecoder().decode(content);
  return faults.map((fault) => ({ ...wholeFileProblem(path, fault), ...lineAndColumn(text, fault.offset) }));
}
