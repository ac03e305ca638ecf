// What `halyard approve` shows before it signs: whose change it is, where, and what it does.
import { listed } from '../../access/words.ts';
import { changesInWords } from '../../changes/words.ts';
import { printable } from '../../lib/printable.ts';
import { planOf } from '../../plan/plan-of.ts';
import { makeReport } from '../plan/report.ts';
import { headline } from '../plan/summary.ts';
import { counted, styled } from '../terminal.ts';
import type { Subject } from './subject.ts';

const MOST_CHANGES = 30;

export interface Terms {
  project: string;
  environments: readonly string[];
  /** RFC 3339, UTC. */
  expires: string;
}

/** Lines for people. Mail addresses are left out. */
export function subjectLines(
  subject: Subject,
  { project, environments, expires }: Terms,
  nowMs: number,
): string[] {
  const { commit, tree } = subject;
  return [
    `${styled('bold', commit.id.slice(0, 10))}  ${printable(commit.subject, 100)}`,
    field('author', commit.author.replace(/\s*<[^>]*>\s*$/, '')),
    field('project', project),
    field('for', environments.join(', ')),
    field('tree', tree),
    field('until', expires),
    ...changeLines(subject, environments, nowMs),
  ];
}

function field(name: string, value: string): string {
  return `    ${styled('dim', name.padEnd(9))}${printable(value, 300)}`;
}

function changeLines({ loaded, sides }: Subject, environments: readonly string[], nowMs: number): string[] {
  if (!loaded.definitions || !sides) return ['', '    There is no branch to compare it with.'];
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const plan = planOf(sides.before, loaded.definitions, { nowMs, today });
  const report = makeReport({ base: sides.base, head: sides.head, plan });
  const words = changesInWords(plan.changes);
  const shown = words.slice(0, MOST_CHANGES).map((line) => `    ${line}`);
  const more = words.length - shown.length;
  const touched = (plan.access ?? []).flatMap((requirement) => requirement.environments);
  const others = [...new Set(touched)].filter((name) => !environments.includes(name));
  const base = `compared with ${printable(sides.base.revision)}`;
  return [
    '',
    `    ${base}: ${headline(report)}`,
    ...shown,
    ...(more > 0 ? [`    and ${counted(more, 'line')} more, which \`halyard plan\` prints`] : []),
    ...(others.length > 0
      ? [
          `    It changes ${printable(listed(others, 'and'), 300)} too, for which this approval does not count.`,
        ]
      : []),
  ];
}
