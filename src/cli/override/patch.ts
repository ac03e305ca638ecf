// `halyard override patch`: the change of a flag's file that makes an override permanent, for a pull request.
import { Command } from 'commander';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { makePermanent, type PermanentForm, permanentForm } from '../../authoring/permanent.ts';
import { offOf } from '../../definitions/checks/walk.ts';
import { loadDefinitions } from '../../definitions/load.ts';
import { hintFor } from '../../definitions/suggest.ts';
import { readFolder } from '../../io/folder.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import { type ListedOverride, listOverrides } from '../../sync/override/list.ts';
import { placeInRepository } from '../check/repository.ts';
import { databaseUrl } from '../database-url.ts';
import { reportErrors } from '../load-or-report.ts';
import { loadThroughCache } from '../parse-cache/load.ts';

interface Options {
  environment?: string;
  path: string;
  databaseUrl?: string;
}

const EXAMPLES = `
What is printed is a diff for \`git apply\`, from the root of the repository; remarks go to standard error. Where the override
serves what the flag gives while it is disabled, the patch disables it and keeps its targeting. Else \`serve\` takes the place
of the targeting, which would come before it. Comments and layout stay.

Examples:
  $ halyard override patch checkout
  $ halyard override patch checkout --environment prod | git apply

Exit codes: 0 printed, or nothing to change, 1 definitions with errors, 2 wrong use, 3 PostgreSQL is away.`;

export function patchCommand(): Command {
  return new Command('patch')
    .description("Prints the change of the flag's file that makes an override permanent.")
    .argument('<flag>', 'the key of the flag')
    .option('--environment <name>', 'where, if the flag has several overrides or has one that ended')
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--database-url <url>', 'the PostgreSQL that has the override')
    .addHelpText('after', EXAMPLES)
    .action(patch);
}

async function patch(key: string, { environment, path, databaseUrl: url }: Options): Promise<void> {
  const entries = await readFolder(path);
  const loaded = await loadThroughCache(entries, path, process.env);
  if (!loaded.ok) return reportErrors(loaded, path, 'are not patched');
  const { definitions } = loaded;
  const { project, environments } = definitions.project;
  const flags = definitions.all.filter((each) => each.kind === 'flag');
  const flag = flags.find((each) => each.key === key);
  const entry = entries.find((each) => each.path === flag?.path);
  if (!flag || entry?.kind !== 'file') {
    const keys = flags.map((each) => each.key);
    throw new UsageError(
      `there is no flag ${ticked(key)} in ${path}. ${hintFor(key, keys, '', 'There are')}`,
    );
  }
  const { overrides } = await listOverrides(await databaseUrl({ databaseUrl: url }), project, Date.now());
  const override = chosen(
    overrides.filter((each) => each.flag === key),
    key,
    environment,
  );
  const form = permanentForm(definitions, flag.body, override);
  remark(override, form, flag.body);
  if (form === 'is-so') return;
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(entry.content);
  const mark = before.startsWith('\uFEFF') ? '\uFEFF' : '';
  const permanent = { ...override, order: Object.keys(environments) };
  const after = mark + makePermanent(before.slice(mark.length), permanent, form);
  const content = new TextEncoder().encode(after);
  const files = entries.map((each) => (each === entry ? { ...entry, content } : each));
  const outcome = loadDefinitions(files, loaded);
  if (!outcome.ok) return reportErrors(outcome, path, 'would come of it, so no patch is printed');
  process.stdout.write(unifiedDiff((await placeInRepository(path)) + flag.path, before, after));
}

/** The one that stands, or the one in the environment that is named. */
function chosen(
  overrides: readonly ListedOverride[],
  flag: string,
  named: string | undefined,
): ListedOverride {
  const list = overrides.map(({ environment, until }) => `${environment} (until ${until})`).join(', ');
  if (named !== undefined) {
    const found = overrides.find(({ environment }) => environment === named);
    if (found) return found;
    const where = list === '' ? 'It has none anywhere' : `It has one in ${list}`;
    throw new UsageError(`${ticked(flag)} has no override in ${ticked(named)}. ${where}.`);
  }
  if (list === '') throw new UsageError(`${ticked(flag)} has no override.`);
  const standing = overrides.filter(({ stands }) => stands);
  const [only, another] = standing;
  if (only && !another) return only;
  const which = only ? 'several overrides' : 'an override that has ended';
  throw new UsageError(`${ticked(flag)} has ${which}: name one with --environment. It has one in ${list}.`);
}

function remark(
  { flag, environment, serve }: ListedOverride,
  form: PermanentForm,
  body: FlagDefinition,
): void {
  const lines = {
    'is-so': `${flag} gives everyone in ${environment} ${serve} already: nothing to change.`,
    disabled: `${flag} is disabled in ${environment}, where everyone then gets ${serve}. Its targeting stays for later.`,
    served: `${flag} serves ${serve} in ${environment}, and nothing else: its targeting there gives way.`,
  };
  const required = (body.requires ?? []).map((each) => `${each.flag} = ${each.variation}`);
  const unmet =
    required.length > 0 && form !== 'disabled' && serve !== offOf(body)
      ? [
          `It requires ${required.join(', ')}, which the override does not ask for: where that is not met, it will be off.`,
        ]
      : [];
  process.stderr.write([lines[form], ...unmet].map((line) => `halyard: ${line}\n`).join(''));
}

/** As `git apply` takes it. The path is the one from the root of the repository. */
function unifiedDiff(path: string, before: string, after: string): string {
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, options);
}
