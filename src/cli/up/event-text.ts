// What happened to a commit, as `up` prints it: who, what changed in words, or every problem with its place.

import { changesInWords } from '../../changes/words.ts';
import { printable } from '../../lib/printable.ts';
import type { SyncEvent } from '../../sync/event.ts';
import { attestedBy } from '../../sync/event-line.ts';
import { approveHint } from '../approve-hint.ts';
import { problemLines } from '../problem-text.ts';
import { counted, styled } from '../terminal.ts';

/** More lines than this of one commit are counted: the audit has them all. */
const MOST_LINES = 40;

export interface EventSetting {
  /** The definitions' folder, which problems are printed with. */
  path: string;
  /** Whether any commit was applied yet. */
  isServing: boolean;
  /** Whether it is a clone on this machine that is read: approvals are then left in it, and not at its origin. */
  isClone: boolean;
}

/** The lines of one event. */
export function eventText(event: SyncEvent, { path, isServing, isClone }: EventSetting): string[] {
  switch (event.type) {
    case 'applied': {
      const words = changesInWords(event.changes).map((line) => `    ${line}`);
      const effect =
        event.revision === undefined ? 'changes nothing that is served' : `revision ${event.revision}`;
      const notes = [effect, ...attestedBy(event)].join(', ');
      return [`${styled('green', 'applied')}   ${who(event)}  (${notes})`, ...atMost(words, event.entry)];
    }
    case 'rejected': {
      const lines = event.problems
        .map((problem) => ({
          ...problem,
          hint: approveHint(problem.hint, event.commit, isClone ? '.' : 'origin'),
        }))
        .flatMap((problem) => problemLines(problem, path))
        .map((line) => `    ${line}`);
      const notes = [...attestedBy(event), counted(event.problems.length, 'problem')].join(', ');
      return [
        `${styled('red', 'rejected')}  ${who(event)}  (${notes}; ${isServing ? 'what was good is served on' : 'nothing is served yet'})`,
        ...atMost(lines, event.entry),
      ];
    }
    case 'diverged':
      return [
        `${styled('yellow', 'diverged')}  ${short(event.commit)}  no longer holds ${short(event.base)}: ` +
          'another branch, or rewritten history',
      ];
    case 'accepted':
      return [`${styled('green', 'accepted')}  ${short(event.commit)}  (audit entry ${event.entry})`];
    case 'unnamed':
      return [
        `${styled('red', 'rejected')}  ${short(event.commit)}  There is nothing to serve yet:`,
        ...event.problems.flatMap((problem) => problemLines(problem, path)).map((line) => `    ${line}`),
      ];
    case 'refused':
      return [`${styled('red', 'refused')}  ${event.reason}`];
    case 'failed':
      return [`${styled('red', 'failed')}    ${messageOf(event.error)} Trying again.`];
    case 'recovered':
      return [`${styled('green', 'recovered')} sync goes on.`];
    case 'checkpointed':
      return [`${styled('green', 'signed')}    entry ${event.entry}`];
    case 'checkpoint-failed':
      return [`${styled('red', 'unsigned')}  ${messageOf(event.error)} Trying again.`];
  }
}

/** Without mail addresses. */
function who({ commit, author, subject }: { commit: string; author: string; subject: string }): string {
  const name = author.replace(/\s*<[^>]*>\s*$/, '');
  return `${styled('bold', short(commit))}  ${printable(name)}: ${printable(subject, 100)}`;
}

function atMost(lines: string[], entry: number): string[] {
  if (lines.length <= MOST_LINES) return lines;
  const more = counted(lines.length - MOST_LINES, 'line');
  return [...lines.slice(0, MOST_LINES), `    … and ${more} more: halyard audit show ${entry}`];
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
