// `halyard list`: the flags of a folder as a table, and those that no code reads.
import { resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { type FlagRow, flagRows } from '../authoring/flag-rows.ts';
import { CodeScan } from '../authoring/unused.ts';
import { readTextFiles } from '../io/text-files.ts';
import { UsageError } from '../lib/errors.ts';
import { EXIT } from './exit.ts';
import { codeLines, tableLines } from './list/table.ts';
import { loadOrReport } from './load-or-report.ts';
import { say } from './terminal.ts';

interface Options {
  path: string;
  expired: boolean;
  owner?: string;
  tag?: string;
  unused: boolean;
  code: string[];
  call: string[];
  format: 'text' | 'json';
}

export function command(): Command {
  return new Command('list')
    .summary('list flags, and find those that no code reads')
    .description('Lists the flags of a folder of definitions with what each does in every environment.')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--expired', 'only flags that are past their day', false)
    .option('--owner <name>', 'only flags of this owner')
    .option('--tag <word>', 'only flags with this tag')
    .option('--unused', 'only flags that no code reads, and reads of flags that do not exist', false)
    .option('--code <folder...>', "with --unused: an app's source code", [])
    .option('--call <name...>', "with --unused: an app's own functions that take a flag's key", [])
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
--unused looks for keys between quotes, and for the calls of OpenFeature's SDKs. A flag that a flag in use requires is in use.
Lines that are comments as a whole do not count, nor do hidden folders, node_modules and files over 1 MB.

Examples:
  $ halyard list
  $ halyard list --expired --owner payments
  $ halyard list --unused --code src web/src --call isEnabled
  $ halyard list --format json | jq -r '.flags[] | select(.expired) | .flag'

Exit codes: 0 listed, 1 definitions with errors, or --unused found something, 2 wrong use.`,
    )
    .action(list);
}

async function list(options: Options): Promise<void> {
  if (options.unused !== options.code.length > 0) {
    throw new UsageError('--unused needs --code <folder>, and --code needs --unused');
  }
  const definitions = await loadOrReport(options.path, 'are not listed');
  if (definitions === undefined) return;
  const rows = flagRows(definitions, new Date().toISOString().slice(0, 10));
  const scan = options.unused ? await scanned(rows, options) : undefined;
  const used = scan?.used(rows);
  const flags = rows.filter((row) => isWanted(row, options) && !used?.has(row.flag));
  if (options.format === 'json') {
    say(
      JSON.stringify(
        { flags, ...(scan && { unknown: scan.unknown, files: scan.files, tooLarge: scan.tooLarge }) },
        null,
        2,
      ),
    );
  } else {
    const table = await tableLines(flags, Object.keys(definitions.project.environments));
    say(...(scan ? codeLines(table, flags, scan) : table));
  }
  if (scan && flags.length + scan.unknown.length > 0) process.exitCode = EXIT.problems;
}

/** The definitions themselves are no code, wherever they are. */
async function scanned(rows: readonly FlagRow[], { path, code, call }: Options): Promise<CodeScan> {
  const scan = new CodeScan(rows, call);
  const definitions = resolve(path) + sep;
  for (const folder of code) {
    for await (const file of readTextFiles(folder)) {
      if (!resolve(file.path).startsWith(definitions)) scan.add(file.path, file.text);
    }
  }
  return scan;
}

function isWanted(row: FlagRow, { expired, owner, tag }: Options): boolean {
  if (expired && !row.expired) return false;
  if (owner !== undefined && row.owner !== owner) return false;
  return tag === undefined || row.tags.includes(tag);
}
