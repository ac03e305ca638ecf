// What is found of a commit, as people read it: the verdict last, with what is needed next.
import { deed } from '../../access/words.ts';
import { printable } from '../../lib/printable.ts';
import type { Signature } from '../../model/evidence.ts';
import type { ProblemCode } from '../../model/problem.ts';
import { signatureText } from '../audit/evidence-text.ts';
import { approvalLines } from '../plan/approval-lines.ts';
import { problemLines } from '../problem-text.ts';
import { styled } from '../terminal.ts';
import type { WeighedApproval } from './approvals.ts';
import type { CommitReport } from './commit-report.ts';
import { originText } from './origin.ts';

const MOST_CHANGES = 20;
const MOST_ENTRIES = 10;

/** @param path where the definitions are, for the places of problems */
export function commitLines(report: CommitReport, path: string): string[] {
  return [
    `${styled('bold', report.commit.slice(0, 10))}  ${printable(report.subject, 100)}`,
    ...fields(report),
    ...section('What it changes, and who may', changeLines(report)),
    ...section(
      `Approvals of its definitions at ${printable(report.approvals.remote, 200)}`,
      approvalsText(report),
    ),
    ...section('In the audit', entryLines(report)),
    '',
    ...report.notes.map((note) => `Note: ${printable(note, 1_000)}`),
    ...verdictLines(report, path),
  ];
}

function fields({ author, authorPerson, tag, tree, compared, ...report }: CommitReport): string[] {
  const name = author.replace(/\s*<[^>]*>\s*$/, '');
  const { exists, ...origin } = report.policy;
  const told: [string, string | undefined][] = [
    ['author', authorPerson === undefined ? name : `${name} (${authorPerson})`],
    ['committed', report.committedAt],
    ['signature', exists ? signatureText(report.signature) : unjudgedText(report.signature)],
    ['tag', tag && `${tag.tag.slice(0, 10)}, signature: ${signatureText(tag.signature)}`],
    ['tree', tree],
    [
      'policy',
      exists
        ? originText(origin)
        : `none, ${originText(origin)}: everyone who can merge may change everything`,
    ],
    ['compared', JSON.stringify(compared) === JSON.stringify(origin) ? undefined : originText(compared)],
  ];
  return told.flatMap(([title, text]) =>
    text === undefined ? [] : [`    ${styled('dim', title.padEnd(11))}${printable(text, 500)}`],
  );
}

/** Without a policy nobody says whose key it is. */
function unjudgedText(signature: Signature): string {
  const { status, fingerprint } = signature;
  return status === 'unknown-key' && fingerprint !== undefined
    ? `holds, of a key that no policy knows  ${fingerprint}`
    : signatureText(signature);
}

function changeLines({ changes }: CommitReport): string[] {
  const bare = (text: string): string => printable(text, 300);
  const requirements = changes.flatMap(({ ways, approvers, ...places }) =>
    ways && approvers ? [{ ...places, ways, approvers }] : [],
  );
  if (requirements.length === changes.length)
    return approvalLines(requirements, bare, (text) => printable(text, 1_000));
  const lines = changes
    .slice(0, MOST_CHANGES)
    .map(({ action, environments, paths: [path = '', ...more] }) => {
      const others = more.length === 0 ? '' : ` and ${more.length} more`;
      return `${deed(action, environments)}: anyone (${bare(path)}${others})`;
    });
  const more = changes.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more, which --format json has`] : lines;
}

function approvalsText({ approvals: { found, unasked } }: CommitReport): string[] {
  const lines = found.map(approvalLine);
  if (unasked !== undefined) lines.push(`not looked for: ${printable(unasked, 1_000)}`);
  return lines.length > 0 ? lines : ['none'];
}

function approvalLine({
  kind,
  person,
  by,
  environments,
  expires,
  counts,
  why = '',
}: WeighedApproval): string {
  const who = person === undefined ? printable(by, 200) : `${person} (${printable(by, 200)})`;
  const where = environments === undefined ? '' : ` for ${printable(environments.join(', '), 200)}`;
  const until = expires === undefined ? '' : ` until ${expires}`;
  const worth = counts ? styled('green', 'counts') : styled('yellow', `does not count: ${why}`);
  return `${kind === 'approval' ? '' : `${kind} by `}${who}${where}${until}: ${worth}`;
}

function entryLines({ entries }: CommitReport): string[] {
  return entries.slice(-MOST_ENTRIES).map(({ entry, action, recordedAt, problems }) => {
    const codes = [...new Set(problems.map(({ code }) => code))].join(', ');
    return `#${entry}  ${recordedAt}  ${action}${codes === '' ? '' : `: ${codes}`}`;
  });
}

function verdictLines({ problems, commit, ...report }: CommitReport, path: string): string[] {
  if (report.verdict === 'passed-over')
    return [styled('green', 'Sync passes it over: its definitions are those that are applied.')];
  const words = verdictWords(report);
  if (report.verdict === 'applied') return [styled('green', `${words}.`)];
  const lines = problems.flatMap(({ code, message = '', hint = '', ...problem }) => {
    return problemLines({ ...problem, code: code as ProblemCode, severity: 'error', message, hint }, path);
  });
  return [styled('red', `${words}:`), ...lines.map((line) => `    ${line.trimEnd()}`)];
}

function verdictWords({
  verdict,
  recorded,
  entries,
}: Pick<CommitReport, 'verdict' | 'recorded' | 'entries'>) {
  const last = entries.at(-1);
  const would = verdict === 'applied' ? 'sync would apply it' : 'sync would refuse it';
  if (!last) return `S${would.slice(1)}`;
  const was = `${last.action === 'commit.applied' ? 'Applied' : 'Refused'} (entry ${last.entry})`;
  return recorded ? was : `${was}; ${verdict === 'applied' ? 'now' : 'still'} ${would}`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', styled('bold', title), ...lines.map((line) => `    ${line}`)];
}
