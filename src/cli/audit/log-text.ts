// The log of the audit as people read it: a heading an entry, and under it what it changed.
import type { ChangedDefinition, EntrySummary, LogEntry } from '../../audit/log.ts';
import { printable } from '../../lib/printable.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { attestedBy } from '../../sync/event-line.ts';
import { counted, styled } from '../terminal.ts';

/** More changed definitions than this are counted: `audit show` has them all. */
const MOST_CHANGES = 8;

export function logLines(entries: readonly LogEntry[]): string[] {
  return entries.flatMap(({ entry, recordedAt, summary, changes, problems }) => [
    [
      styled('bold', `#${entry}`),
      styledAction(summary.action),
      ...headingOf(summary),
      instant(recordedAt),
    ].join('  '),
    ...bodyOf(summary).map((line) => `    ${line}`),
    ...(problems > 0 ? [`    ${counted(problems, 'problem')}`] : []),
    ...changesText(changes, entry).map((line) => `    ${line}`),
  ]);
}

/** Green for what applied something, red for a rejection, yellow for what people should look at. */
export function styledAction(action: EntrySummary['action']): string {
  if (action === 'commit.applied') return styled('green', action);
  return styled(action === 'commit.rejected' ? 'red' : 'yellow', action);
}

export function instant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

export function short(commit: string): string {
  return printable(commit.slice(0, 10));
}

function headingOf(summary: EntrySummary): string[] {
  switch (summary.action) {
    case 'commit.applied':
    case 'commit.rejected': {
      const { revision, commit, author, pullRequest } = summary;
      return [
        ...(revision === undefined ? [] : [`revision ${revision}`]),
        short(commit),
        printable(author, 120),
        ...attestedBy({ signature: summary.signature, approvedBy: [] }).map((words) => printable(words, 120)),
        ...(pullRequest === undefined ? [] : [`(#${pullRequest})`]),
      ];
    }
    case 'history.diverged':
    case 'history.accepted':
      return [short(summary.commit), printable(summary.actor, 120)];
    case 'override.set':
    case 'override.lifted':
      return [`revision ${summary.revision}`, printable(summary.actor, 120)];
    default:
      return unreachable(summary);
  }
}

function bodyOf(summary: EntrySummary): string[] {
  switch (summary.action) {
    case 'commit.applied':
    case 'commit.rejected':
      return [printable(summary.subject, 200)];
    case 'history.diverged':
      return [`the branch no longer holds ${short(summary.base)}`];
    case 'history.accepted':
      return [`in place of ${short(summary.base)}`];
    case 'override.set':
      return [
        `${place(summary)} serves ${printable(`${summary.serve} until ${summary.until}`)}: ${reason(summary)}`,
      ];
    case 'override.lifted':
      return [`${place(summary)} decides again: ${reason(summary)}`];
    default:
      return unreachable(summary);
  }
}

function place({ flag, environment }: { flag: string; environment: string }): string {
  return `${printable(flag)} in ${printable(environment)}`;
}

function reason({ reason }: { reason: string }): string {
  return printable(reason, 200);
}

function changesText(changes: readonly ChangedDefinition[], entry: number): string[] {
  const lines = changes.slice(0, MOST_CHANGES).map(({ kind, key, environments }) => {
    const where =
      environments.length === 0 ? '' : `  ${environments.map((name) => printable(name)).join(', ')}`;
    return `${printable(kind)} ${printable(key)}${where}`;
  });
  const more = changes.length - lines.length;
  return more === 0
    ? lines
    : [...lines, `… and ${counted(more, 'more definition')}: halyard audit show ${entry}`];
}
