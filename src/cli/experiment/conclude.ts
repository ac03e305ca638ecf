// `halyard experiment conclude`: stops an experiment, and serves one arm where it stood, in files with comments and layout kept.
import { join } from 'node:path';
import { Command, Option } from 'commander';
import {
  type Conclusion,
  commentedLines,
  concludedExperiment,
  concludedFlag,
  placesOf,
} from '../../authoring/conclude/definitions.ts';
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import { hintFor } from '../../definitions/suggest.ts';
import { readFolder } from '../../io/folder.ts';
import { replaceFile } from '../../io/replace-file.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definition, Definitions } from '../../model/definition.ts';
import { EXIT } from '../exit.ts';
import { reportErrors } from '../load-or-report.ts';
import { loadThroughCache } from '../parse-cache/load.ts';
import { adaptedTests } from './adapted-tests.ts';
import { conclusionOf, notRunning } from './chosen.ts';
import { type Concluded, printConcluded } from './concluded-text.ts';
import { decoded, withText } from './files.ts';

interface Options {
  ship: string;
  environment?: string[];
  path: string;
  write: boolean;
  format: 'text' | 'json';
}

type Experiment = Extract<Definition, { kind: 'experiment' }>;
type Flag = Extract<Definition, { kind: 'flag' }>;

const EXAMPLES = `
Each rule that gave the experiment's arms serves the one that is shipped, to everyone whom it holds for: those outside the
experiment's traffic too. The flag's tests no longer fix its arms, and expect what is decided now. The rest of each file
keeps every byte. With --environment the experiment goes on in its other environments.

What is printed is a diff for \`git apply\`, from the root of the repository; remarks go to standard error.

Examples:
  $ halyard experiment conclude page-layout --ship on
  $ halyard experiment conclude page-layout --ship on | git apply
  $ halyard experiment conclude page-layout --ship off --write      # the baseline stays

Exit codes: 0 printed or written, 1 no such experiment, one that is not running, or definitions with errors, 2 wrong use.`;

export function concludeCommand(): Command {
  return new Command('conclude')
    .summary('stop an experiment, and serve one arm where it stood')
    .description('Stops an experiment, and serves one arm where it stood; its tests are adapted.')
    .argument('<experiment>', 'the key of the experiment')
    .requiredOption('--ship <arm>', 'the arm that everyone gets; the baseline is one too')
    .option('--environment <names...>', 'only there (default: wherever it runs)')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--write', 'change the files', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(conclude);
}

async function conclude(key: string, options: Options): Promise<void> {
  const { path } = options;
  const entries = await readFolder(path);
  const loaded = await loadThroughCache(entries, path, process.env);
  if (!loaded.ok) return reportErrors(loaded, path, 'conclude no experiment');
  const { definitions } = loaded;
  const experiment = found(definitions, 'experiment', key);
  const flag = experiment && found(definitions, 'flag', experiment.body.flag);
  if (!experiment || !flag) return reportNone(definitions, key, path);
  const refusal = notRunning(experiment.body);
  if (refusal !== undefined) return refuse(refusal);
  const conclusion = conclusionOf(experiment.body, definitions, options.ship, options.environment);
  const changed = changedFiles(entries, experiment, flag, conclusion);
  const after = loadDefinitions(changed, loaded);
  if (!after.ok) return reportErrors(after, path, 'would come of it, so nothing is changed');
  const remaining = experiment.body.environments.filter((name) => !conclusion.environments.includes(name));
  const change = { flag: flag.key, conclusion, remaining, before: definitions, after: after.definitions };
  const tests = adaptedTests(entries, changed, change);
  const files = differences(entries, tests.files);
  if (options.write) {
    for (const { path: file, before, after: now } of files) await replaceFile(join(path, file), now, before);
  }
  const { adapted, left, unread } = tests;
  const places = placesOf(flag.body, conclusion);
  const file = files.find((each) => each.path === flag.path);
  const lines = file ? commentedLines(new TextDecoder().decode(file.before), places) : [];
  const concluded: Concluded = {
    ...{ conclusion, flag: flag.key, remaining, adapted, left, unread, files },
    places: places.map(({ environment, rule }) => ({ environment, rule })),
    comments: lines.map((line) => ({ file: flag.path, line })),
    warnings: newWarnings(loaded, after),
  };
  await printConcluded(concluded, options);
}

function found<Kind extends 'experiment' | 'flag'>({ all }: Definitions, kind: Kind, key: string) {
  return all.find(
    (each): each is Extract<Definition, { kind: Kind }> => each.kind === kind && each.key === key,
  );
}

function changedFiles(
  entries: readonly SourceFile[],
  experiment: Experiment,
  flag: Flag,
  conclusion: Conclusion,
): SourceFile[] {
  return entries.map((entry) => {
    if (entry.path === experiment.path)
      return withText(entry, concludedExperiment(decoded(entry), experiment.body, conclusion));
    if (entry.path !== flag.path) return entry;
    return withText(entry, concludedFlag(decoded(entry), placesOf(flag.body, conclusion), conclusion));
  });
}

function differences(before: readonly SourceFile[], after: readonly SourceFile[]): Concluded['files'] {
  return after.flatMap((file, index) => {
    const was = before[index];
    if (file === was || file.kind !== 'file' || was?.kind !== 'file') return [];
    return [{ path: file.path, before: was.content, after: file.content }];
  });
}

/** What check warns of now and did not before, wherever it stands now. */
function newWarnings(before: Loaded, after: Loaded): Concluded['warnings'] {
  const known = new Set(before.problems.map(({ file, code, message }) => `${file}\t${code}\t${message}`));
  return after.problems.filter(({ file, code, message }) => !known.has(`${file}\t${code}\t${message}`));
}

function reportNone({ all }: Definitions, key: string, path: string): void {
  const keys = all.flatMap((each) => (each.kind === 'experiment' ? [each.key] : []));
  refuse(`there is no experiment ${ticked(key)} in ${path}. ${hintFor(key, keys, '', 'There are')}`);
}

function refuse(message: string): void {
  process.stderr.write(`halyard: ${message.trim()}\n`);
  process.exitCode = EXIT.problems;
}
