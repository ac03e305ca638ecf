// `halyard access explain`: what a person may do, and why a commit was or would be refused.
import { Command, Option } from 'commander';
import { hintFor } from '../../definitions/suggest.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Applied } from '../../sync/applied.ts';
import { EXIT } from '../exit.ts';
import { findMeant, type Meant, namesIn } from '../place/commit.ts';
import { atPlace, type Place } from '../place/place.ts';
import { say } from '../terminal.ts';
import { unreadable } from '../unreadable.ts';
import type { CommitReport } from './commit-report.ts';
import { commitLines } from './commit-text.ts';
import { type AppliedDatabase, withAppliedDatabase } from './database.ts';
import { appliedAt, examine } from './examine.ts';
import { type Origin, originInDatabase, originInGit } from './origin.ts';
import { personMeant, personReport, policyReport } from './person.ts';
import { personLines, policyLines } from './person-text.ts';
import { presentState } from './states.ts';

interface Options {
  repo: string;
  path: string;
  remote?: string;
  databaseUrl?: string;
  project?: string;
  format: 'text' | 'json';
}

const HELP = `
A person is named as access.yaml does, or by name, address, login or key; a commit by what git calls it, or by the number of a
pull request. Without either, everyone is told.

A commit is judged as sync judges it: by the policy that the database says is applied, if --database-url,
HALYARD_DATABASE_URL or a running \`halyard up\` names one. Else the policy is the one that git has before the commit: where
it left its branch, or its first parent. Approvals are read at the remote, with your own git. Nothing is written.

Examples:
  $ halyard access explain bob
  $ halyard access explain HEAD
  $ halyard access explain pr/12 --database-url postgres://reader@db.example/halyard
  $ halyard access explain --format json | jq '.people[].roles'

Exit codes: 0 it would be or was applied, or a person; 1 refused; 2 wrong use, or nothing has that name; 3 git or PostgreSQL
is away, or the remote is, and approvals that it may have would decide.`;

export function explainCommand(): Command {
  return new Command('explain')
    .description('Says what a person may do, and why a commit was or would be refused.')
    .argument(
      '[commit|person]',
      'a commit, a branch, a tag, a pull request (pr/12), or a person of access.yaml',
    )
    .option('--repo <url|path>', 'the repository', '.')
    .option('--path <folder>', 'where in it the definitions are', 'flags')
    .option(
      '--remote <name>',
      'the remote that has the approvals; . is the clone (default: origin, if there is one)',
    )
    .option('--database-url <url>', 'the PostgreSQL that says what is applied')
    .option('--project <key>', 'the project, where the database has several')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action((asked: string | undefined, options: Options) =>
      withAppliedDatabase(options.databaseUrl, (database) => explain(asked, options, database)).catch(
        unreadable,
      ),
    );
}

async function explain(
  asked: string | undefined,
  options: Options,
  database: AppliedDatabase | undefined,
): Promise<void> {
  const only = await database?.only(options.project);
  // Then no clone has to be there.
  if (only?.policy && isAboutPeople(only, asked)) return tell(only, originInDatabase(only), asked, options);
  await atPlace(options, async (place) => {
    const present = await presentPolicy(place, options, database);
    if (present && isAboutPeople(present.applied, asked))
      return tell(present.applied, present.origin, asked, options);
    if (asked === undefined)
      throw new UsageError('there is no branch yet to read a policy of. Commit first.');
    const meant = await findMeant(place, asked);
    if (!meant) throw await unknown(place, asked, present?.applied);
    await explainCommit(place, meant, options, database);
  });
}

function isAboutPeople({ policy }: Applied, asked: string | undefined): boolean {
  return asked === undefined || (policy !== undefined && personMeant(policy, asked) !== undefined);
}

/** The policy that decides about the next commit. */
async function presentPolicy(
  place: Place,
  { path, project }: Options,
  database: AppliedDatabase | undefined,
): Promise<{ applied: Applied; origin: Origin } | undefined> {
  const state = await presentState(place, path);
  const key = state?.applied.head.project;
  const applied = database && (await appliedAt(database, place, { named: project, project: key ?? '' }));
  if (applied) return { applied, origin: originInDatabase(applied) };
  return state && { applied: state.applied, origin: originInGit(state.applied, state.base) };
}

/** A person, or everyone. */
function tell(applied: Applied, origin: Origin, asked: string | undefined, { format }: Options): void {
  const { policy } = applied;
  const person = policy && asked !== undefined ? personMeant(policy, asked) : undefined;
  const report =
    policy && person !== undefined
      ? personReport(policy, person, applied, origin)
      : policyReport(policy, applied, origin);
  if (format === 'json') say(JSON.stringify(report, null, 2));
  else say(...(report.kind === 'person' ? personLines(report) : policyLines(report)));
}

async function explainCommit(
  place: Place,
  meant: Meant,
  options: Options,
  database: AppliedDatabase | undefined,
): Promise<void> {
  const { report, incomplete } = await examine(place, meant, options, database);
  say(...(options.format === 'json' ? [JSON.stringify(report, null, 2)] : commitLines(report, options.path)));
  process.exitCode = exitOf(report);
  if (incomplete) throw incomplete;
}

function exitOf({ verdict }: CommitReport): number {
  return verdict === 'refused' ? EXIT.problems : EXIT.fine;
}

async function unknown(place: Place, asked: string, present: Applied | undefined): Promise<UsageError> {
  const people = Object.keys(present?.policy?.body.people ?? {});
  const near = hintFor(asked, [...people, ...(await namesIn(place))], '', 'There are');
  const where = present?.policy ? 'in the access policy' : 'since there is no access policy';
  return new UsageError(`${ticked(asked)} is no commit, and nobody ${where}. ${near}`.trimEnd());
}
