// One line for each event of sync, for a terminal or a log.
import { posix } from 'node:path';
import { printable } from '../lib/printable.ts';
import type { Signature } from '../model/evidence.ts';
import { type Problem, problemCodes } from '../model/problem.ts';
import type { SyncEvent } from './event.ts';

const LONGEST_SUBJECT = 100;

/**
 * The line, without colours and without a line break. Mail addresses are left out.
 * @param folder where in the repository the definitions are, so that a problem's file can be found
 */
export function eventLine(event: SyncEvent, folder: string): string {
  switch (event.type) {
    case 'applied': {
      const { revision, changes } = event;
      const effect =
        revision === undefined ? 'no change' : `revision ${revision}, ${counted(changes.length, 'row')}`;
      return `${judged('applied', event)}  (${[effect, ...attestedBy(event)].join(', ')})`;
    }
    case 'rejected':
      return `${judged('rejected', event)}  (${[...attestedBy(event), problemsLine(event.problems, folder)].join(', ')})`;
    case 'diverged':
      return (
        `diverged  ${short(event.commit)}  entry ${event.entry}  the branch no longer holds ${short(event.base)}, which was judged last. ` +
        `Look at it, then: halyard sync accept-history ${event.commit}`
      );
    case 'accepted':
      return `accepted  ${short(event.commit)}  entry ${event.entry}  the rewritten history`;
    case 'unnamed':
      return `unnamed   ${short(event.commit)}  the head names no project, so nothing is recorded (${problemsLine(event.problems, folder)})`;
    case 'refused':
      return `refused   ${event.reason}`;
    case 'failed':
      return `failed    ${reason(event.error)}. Trying again.`;
    case 'recovered':
      return 'recovered';
    case 'checkpointed':
      return `signed    entry ${event.entry}  checkpoint in ${event.ref}`;
    case 'checkpoint-failed':
      return `unsigned  the checkpoint is not written: ${reason(event.error)}. Trying again; nothing waits for it.`;
  }
}

/** Who stands behind a commit, as far as the policy knows them: `signed by bob`, `approved by alice and carol`. */
export function attestedBy({
  signature,
  approvedBy,
}: {
  signature: Signature;
  approvedBy: readonly string[];
}): string[] {
  const { person, vouched } = signature;
  return [
    ...(person === undefined ? [] : [`${vouched ? 'vouched for as' : 'signed by'} ${person}`]),
    ...(approvedBy.length === 0 ? [] : [`approved by ${approvedBy.join(' and ')}`]),
  ];
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

function judged(
  verdict: string,
  event: { commit: string; entry: number; author: string; subject: string },
): string {
  const { commit, entry, author, subject } = event;
  const name = author.replace(/\s*<[^>]*>\s*$/, '');
  return `${verdict.padEnd(8)}  ${short(commit)}  entry ${entry}  ${printable(name)}: ${printable(subject, LONGEST_SUBJECT)}`;
}

function problemsLine(problems: readonly Problem[], folder: string): string {
  const [first] = problems;
  if (!first) return 'no problem is known';
  // Of the definitions, the author's tools say what to do; who may do what, nobody else says.
  const remedy = problemCodes[first.code].group === 'access' && first.hint ? ` ${first.hint}` : '';
  const more = problems.length > 1 ? ` And ${counted(problems.length - 1, 'problem')} more.` : '';
  return `${printable(posix.join(folder, first.file), 200)}:${first.line}:${first.column} ${first.code}: ${first.message}${remedy}${more}`;
}

function short(commit: string): string {
  return commit.slice(0, 10);
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
