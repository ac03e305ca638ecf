// `halyard check`: every problem in a folder of definitions.
import { Command, Option } from 'commander';
import { hintFor } from '../definitions/suggest.ts';
import { UsageError } from '../lib/errors.ts';
import { unreachable } from '../lib/unreachable.ts';
import { type ProblemCode, problemCodes } from '../model/problem.ts';
import { problemExplanation } from './check/explanation.ts';
import { findProblems } from './check/find.ts';
import { githubText } from './check/github.ts';
import type { CheckOutcome } from './check/outcome.ts';
import { placeInRepository } from './check/repository.ts';
import { sarifLog } from './check/sarif.ts';
import { checkText, type Screen } from './check/text.ts';
import { EXIT } from './exit.ts';

const FORMATS = ['text', 'json', 'github', 'sarif'] as const;

interface Options {
  path: string;
  strict: boolean;
  format: (typeof FORMATS)[number];
  cache: boolean;
  explain?: string;
}

export function command(): Command {
  return new Command('check')
    .summary('find every problem in a folder of definitions')
    .description(
      'Finds every problem in a folder of definitions: file, line, column, what was expected, what to do.',
    )
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--strict', 'warnings fail too', false)
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .option('--no-cache', 'parse every file again; what is found is the same')
    .option('--explain <code>', 'say what a problem code means, with an example, and check nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ halyard check
  $ halyard check --path config/flags --strict
  $ halyard check --format json | jq '.problems[] | select(.severity == "error")'
  $ halyard check --format github              # in a GitHub workflow: annotations in the pull request
  $ halyard check --format sarif > check.sarif # for code scanning and editors
  $ halyard check --explain unknown-variation

Exit codes: 0 no errors, 1 errors (with --strict warnings too), 2 wrong use.`,
    )
    .action(check);
}

async function check({ path, strict, format, cache, explain }: Options): Promise<void> {
  if (explain !== undefined) {
    process.stdout.write(problemExplanation(knownCode(explain)));
    return;
  }
  const outcome = await findProblems({ path, strict, cache }, new Date());
  process.stdout.write(await formatted(outcome, format));
  if (!outcome.ok) process.exitCode = EXIT.problems;
}

async function formatted(outcome: CheckOutcome, format: Options['format']): Promise<string> {
  const { ok, path, definitions, problems } = outcome;
  switch (format) {
    case 'text':
      return checkText(outcome, problems.length > 0 ? await screen() : undefined);
    case 'json':
      return `${JSON.stringify({ ok, path, definitions, problems }, null, 2)}\n`;
    case 'github':
      return githubText(outcome, await placeInRepository(path));
    case 'sarif':
      return `${JSON.stringify(sarifLog(outcome, await placeInRepository(path)), null, 2)}\n`;
    default:
      return unreachable(format);
  }
}

function knownCode(text: string): ProblemCode {
  if (Object.hasOwn(problemCodes, text)) return text as ProblemCode;
  const hint = hintFor(text, Object.keys(problemCodes), 'docs/problems.md lists them all.');
  throw new UsageError(`there is no problem code ${JSON.stringify(text)}. ${hint}`);
}

/** The terminal, if it is one. What knows how wide texts are takes long to load, and is for lines with problems alone. */
async function screen(): Promise<Screen | undefined> {
  const { isTTY, columns } = process.stdout;
  if (!isTTY) return undefined;
  const { excerpt } = await import('./check/excerpt.ts');
  return { columns: columns || 80, excerpt };
}
