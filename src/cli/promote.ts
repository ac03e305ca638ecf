// `halyard promote`: copies a flag's targeting from one environment to another, and says what that changes.
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { promote } from '../authoring/promote.ts';
import type { Promotion } from '../authoring/promotion.ts';
import { promotionChange } from '../authoring/promotion-change.ts';
import { type PromotionWarning, promotionWarnings } from '../authoring/promotion-warnings.ts';
import { changesInWords } from '../changes/words.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { hintFor } from '../definitions/suggest.ts';
import { readFolder } from '../io/folder.ts';
import { replaceFile } from '../io/replace-file.ts';
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import type { Change } from '../model/change.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import { EXIT } from './exit.ts';
import { reportErrors } from './load-or-report.ts';
import { loadThroughCache } from './parse-cache/load.ts';
import { withPath } from './path-option.ts';
import { say, styled } from './terminal.ts';

interface Options {
  from: string;
  to: string;
  path: string;
  dryRun: boolean;
  format: 'text' | 'json';
}

type Flag = Extract<Definition, { kind: 'flag' }>;

/** The subcommand `promote`. */
export function command(): Command {
  return new Command('promote')
    .summary("copy a flag's targeting from one environment to another")
    .description(
      "Copies a flag's targeting from one environment to another, comments and layout kept, and says what that changes.",
    )
    .argument('<flag>', 'the key of the flag')
    .requiredOption('--from <environment>', 'where the targeting comes from')
    .requiredOption('--to <environment>', 'where it goes to')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--dry-run', 'say what would change, and write nothing', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
Whatever the environment had before gives way: its targets, rules and outcomes, and whether it is enabled. The rest of the
file keeps every byte. Where the flag does not name --from, it is disabled there, and no longer names --to.

Examples:
  $ halyard promote one-page-checkout --from staging --to prod
  $ halyard promote one-page-checkout --from staging --to prod --dry-run

Exit codes: 0 promoted, or nothing to do, 1 no such flag or definitions with errors, 2 wrong use.`,
    )
    .action(promoteFlag);
}

async function promoteFlag(key: string, options: Options): Promise<void> {
  const { from, to, path } = options;
  const entries = await readFolder(path);
  const loaded = await loadThroughCache(entries, path, process.env);
  if (!loaded.ok) return reportErrors(loaded, path, 'are not promoted');
  const { definitions } = loaded;
  const order = Object.keys(definitions.project.environments);
  for (const environment of [from, to]) requireEnvironment(environment, order);
  if (from === to) throw new UsageError('--from and --to name the same environment');
  const flag = flagOf(definitions, key);
  const entry = entries.find((each) => each.path === flag?.path);
  if (!flag || entry?.kind !== 'file') return reportNoFlag(definitions, key, path);
  const content = promoted(entry.content, { from, to, order });
  const files = entries.map((each) => (each === entry ? { ...entry, content } : each));
  const after = loadDefinitions(files, loaded);
  if (!after.ok) return reportErrors(after, path, 'would come of it, so nothing is written');
  const body = flagOf(after.definitions, key)?.body ?? flag.body;
  const change = promotionChange(definitions.project, flag.body, body, to);
  const written = change !== undefined && !options.dryRun;
  if (written) await replaceFile(join(path, flag.path), content, entry.content);
  const warnings = change ? promotionWarnings(definitions, flag.body, from, to) : [];
  report(
    { flag: key, from, to, file: join(path, flag.path), written, changes: change ? [change] : [], warnings },
    options,
  );
}

/** A byte order mark stays too. */
function promoted(content: Uint8Array, promotion: Promotion): Uint8Array {
  const mark = content[0] === 0xef ? '\uFEFF' : '';
  return new TextEncoder().encode(mark + promote(new TextDecoder().decode(content), promotion));
}

function requireEnvironment(environment: string, order: readonly string[]): void {
  if (order.includes(environment)) return;
  throw new UsageError(
    `the project has no environment ${ticked(environment)}. ${hintFor(environment, order, '', 'It has')}`,
  );
}

function flagOf({ all }: Definitions, key: string): Flag | undefined {
  return all.find((each): each is Flag => each.kind === 'flag' && each.key === key);
}

function reportNoFlag({ all }: Definitions, key: string, path: string): void {
  const keys = all.flatMap((each) => (each.kind === 'flag' ? [each.key] : []));
  const hint = hintFor(key, keys, '', 'There are');
  process.stderr.write(`halyard: there is no flag ${ticked(key)} in ${path}. ${hint}\n`);
  process.exitCode = EXIT.problems;
}

interface Report {
  flag: string;
  from: string;
  to: string;
  file: string;
  written: boolean;
  changes: Change[];
  warnings: PromotionWarning[];
}

function report(report: Report, { format, dryRun, path }: Options): void {
  const { flag, from, to, file, changes, warnings } = report;
  if (format === 'json') {
    say(JSON.stringify(report, null, 2));
    return;
  }
  if (changes.length === 0) {
    say(`${flag} decides in ${to} as in ${from} already: nothing to do.`);
    return;
  }
  const next = dryRun
    ? 'Nothing is written (--dry-run).'
    : `${file} is changed. See who moves: ${withPath(`halyard plan HEAD --environment ${to}`, path)}`;
  say(
    ...changesInWords(changes),
    ...warnings.map(
      ({ code, message }) => `${styled('yellow', 'warning')}  ${styled('dim', code)}  ${message}`,
    ),
    '',
    next,
  );
}
