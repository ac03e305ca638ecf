// `halyard approve`: signs a change that someone else has made, and leaves the signature where sync finds it.
import { Command, InvalidArgumentError, Option } from 'commander';
import { policyIn } from '../access/policy.ts';
import { APPROVAL_NAMESPACE, approvalId, approvalText, statementText } from '../access/statement.ts';
import { approvalRefName } from '../git/approval-refs.ts';
import type { ApprovalStatement } from '../model/evidence.ts';
import { doubtsAbout, ownCommit } from './approve/doubts.ts';
import { signAsOneself } from './approve/key.ts';
import { knownEnvironments, type Subject, subjectOf } from './approve/subject.ts';
import { subjectLines } from './approve/text.ts';
import { EXIT } from './exit.ts';
import { commitMeant } from './place/commit.ts';
import { atPlace, type Place } from './place/place.ts';
import { atRemote } from './place/remote.ts';
import { problemLines } from './problem-text.ts';
import { counted, say } from './terminal.ts';
import { unreadable } from './unreadable.ts';

interface Options {
  environment: string[];
  key?: string;
  /** Milliseconds. */
  expires: number;
  repo: string;
  path: string;
  remote: string;
  format: 'text' | 'json';
}

const DAY_MS = 86_400_000;
const UNITS_MS = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS } as const;

const HELP = `
What is approved is the tree of the definitions, in the environments that you name, until it expires: whatever is pushed
to the branch afterwards has another tree, and the approval does not count for it. So the branch must be up to date with
the one that it is merged into. Nobody approves a commit of their own.

The signature is pushed to refs/halyard/approvals/ of the remote, with your own git and its credentials; sync sees it at
its next look. Without --key it is the SSH key that git signs your commits with.

Examples:
  $ halyard approve pr/12 --environment prod
  $ halyard approve feature/new-cart --environment staging --environment prod --key ~/.ssh/id_ed25519
  $ halyard approve 4c1d5ab0f2 --environment prod --expires 2d --repo https://github.com/acme/shop.git

Exit codes: 0 approved, 1 your own commit or definitions with errors, 2 wrong use, 3 the remote does not answer or refuses.`;

/** The subcommand `approve`. */
export function command(): Command {
  return new Command('approve')
    .summary('sign a change that someone else has made')
    .description(
      'Signs a change that someone else has made, so that sync may apply it where the policy asks for approvals.',
    )
    .argument('<commit>', 'a commit, a branch, or the head of a pull request: pr/12')
    .requiredOption('--environment <name>', 'where you approve it; may be given several times', several)
    .option('--key <file>', 'your private SSH key, or a public one whose private half the SSH agent has')
    .addOption(
      new Option('--expires <duration>', 'how long it counts: minutes, hours, days or weeks')
        .argParser(readDuration)
        .default(7 * DAY_MS, '7d'),
    )
    .option('--repo <url|path>', 'the repository', '.')
    .option('--path <folder>', 'where in it the definitions are', 'flags')
    .option('--remote <name>', 'the remote of the clone that sync reads; . is the clone itself', 'origin')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action((commit: string, options: Options) =>
      atPlace(options, (place) => approve(place, commit, options)).catch(unreadable),
    );
}

async function approve(place: Place, asked: string, options: Options): Promise<void> {
  const subject = await subjectOf(place, await commitMeant(place, asked), options.path);
  const { definitions } = subject.loaded;
  if (!definitions || subject.problems.length > 0) return reportProblems(subject, options.path);
  const environments = knownEnvironments(options.environment, subject);
  const nowMs = Date.now();
  const expires = new Date(nowMs + options.expires).toISOString().replace(/\.\d+Z$/, 'Z');
  const { project } = definitions.project;
  const { tree, commit } = subject;
  if (options.format === 'text') say(...subjectLines(subject, { project, environments, expires }, nowMs), '');
  const statement = statementText({ v: 1, project, tree, environments, expires } satisfies ApprovalStatement);
  const { signature, fingerprint } = await signAsOneself(
    { text: statement, namespace: APPROVAL_NAMESPACE },
    options.key,
    place.git,
  );
  // The branch's, which is mostly the applied one.
  const policy = policyIn(subject.sides?.before ?? definitions);
  const own = await ownCommit(place, subject, { policy, fingerprint });
  if (own !== undefined) {
    complain(`${own}, so someone else must approve it. Nothing was pushed.`);
    process.exitCode = EXIT.problems;
    return;
  }
  for (const doubt of await doubtsAbout(place, subject, { policy, fingerprint })) complain(doubt);
  const ref = approvalRefName(tree, approvalId({ statement, signature }));
  const blob = await place.git.writeBlob(approvalText({ statement, signature }));
  await atRemote(place.name, place.git.push(place.remote, blob, ref));
  const person = policy?.personOfKey(fingerprint);
  if (options.format === 'json') {
    const said = { project, commit: commit.id, tree, environments, expires, fingerprint, ref };
    say(JSON.stringify({ ...said, ...(person !== undefined && { person }) }, null, 2));
    return;
  }
  say(
    `approved by ${person === undefined ? fingerprint : `${person} (${fingerprint})`}`,
    `pushed to ${place.name}: ${ref}`,
  );
}

function reportProblems({ problems }: Subject, path: string): void {
  const lines = problems.flatMap((problem) => problemLines(problem, path));
  const last = `halyard: ${counted(problems.length, 'error')}: sync rejects this commit, whoever approves it.`;
  process.stderr.write(`${[...lines, last].join('\n')}\n`);
  process.exitCode = EXIT.problems;
}

function complain(sentence: string): void {
  process.stderr.write(`halyard: ${sentence}\n`);
}

function several(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, ...value.split(',').flatMap((name) => name.trim() || [])];
}

function readDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const ms = unit === undefined ? 0 : Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
  if (ms >= UNITS_MS.m && ms <= 365 * DAY_MS) return ms;
  throw new InvalidArgumentError('It is a duration from 1m to 365d, as 12h, 7d and 2w are.');
}
