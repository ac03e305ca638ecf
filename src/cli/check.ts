// `halyard check`: every problem in a folder of definitions.
import { Command, Option } from 'commander';
import { expiredFlags } from '../definitions/expiry.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { readFolder } from '../io/folder.ts';
import { compareProblems } from '../model/problem.ts';
import { EXIT } from './exit.ts';
import { problemsText } from './problem-text.ts';

interface Options {
  path: string;
  strict: boolean;
  format: 'text' | 'json';
}

export function command(): Command {
  return new Command('check')
    .summary('find every problem in a folder of definitions')
    .description(
      'Finds every problem in a folder of definitions: file, line, column, what was expected, what to do.',
    )
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--strict', 'warnings fail too', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
Examples:
  $ halyard check
  $ halyard check --path config/flags --strict
  $ halyard check --format json | jq '.problems[] | select(.severity == "error")'

Exit codes: 0 no errors, 1 errors (with --strict warnings too), 2 wrong use.`,
    )
    .action(check);
}

async function check({ path, strict, format }: Options): Promise<void> {
  const entries = await readFolder(path);
  const loaded = loadDefinitions(entries);
  const today = new Date().toISOString().slice(0, 10);
  const problems = [...loaded.problems, ...expiredFlags(loaded, today)].sort(compareProblems);
  const ok = loaded.ok && !(strict && problems.length > 0);
  const definitions = [...loaded.files.values()].filter(({ definition }) => definition).length;
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify({ ok, path, definitions, problems }, null, 2)}\n`);
  } else {
    process.stdout.write(problemsText({ path, definitions, problems, entries }));
  }
  if (!ok) process.exitCode = EXIT.problems;
}
