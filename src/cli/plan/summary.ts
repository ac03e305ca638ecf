// The first sentences of a plan: what was compared, and how much changes.
import { counted } from '../terminal.ts';
import { isEmpty, parted, type ReportParts } from './report.ts';
import type { Quote } from './shares-text.ts';
import type { Subjects } from './subjects.ts';

const SHORT = 10;

/** `acme/shop`, or `acme/shop in prod` where one environment alone is looked at. */
export function subjectText({ plan, environment }: ReportParts, quote: Quote): string {
  return `${quote(plan.project)}${environment === undefined ? '' : ` in ${quote(environment)}`}`;
}

/** `from origin/main (4c1d5ab0f2) to this folder`. */
export function comparedText({ base, head, at }: ReportParts, quote: Quote): string {
  const commit = base.commit === undefined ? '' : ` (${quote(base.commit.slice(0, SHORT))})`;
  const to = head.revision === undefined ? 'the folder as it is' : quote(head.revision);
  const when = at === undefined ? '' : ` as of ${quote(at)}`;
  return `from ${quote(base.revision)}${commit} to ${to}${when}`;
}

/** `2 flags and 1 segment change, and for 1 flag somebody moves. 1 warning.`, the flag left out where it is the only one. */
export function headline({ plan }: ReportParts): string {
  if (isEmpty(plan)) return 'nothing changes, and nobody moves.';
  const own = new Set(plan.changes.filter(({ kind }) => kind === 'flag').map(({ key }) => key));
  const counts = own.size > 0 ? [counted(own.size, 'flag')] : [];
  for (const kind of ['segment', 'experiment', 'metric']) {
    const keys = new Set(plan.changes.flatMap((change) => (change.kind === kind ? [change.key] : [])));
    if (keys.size > 0) counts.push(counted(keys.size, kind));
  }
  if (plan.changes.some(({ kind }) => kind === 'project')) counts.push('the project');
  if (plan.changes.some(({ kind }) => kind === 'access')) counts.push('the access policy');
  const moving = parted(plan.flags).moving.length;
  const who = moving === 0 ? 'nobody moves' : `${whose(moving, plan.flags.length)}somebody moves`;
  const warned = plan.warnings.length === 0 ? '' : ` ${counted(plan.warnings.length, 'warning')}.`;
  const isOne = counts.length === 1 && /^1 |^the /.test(counts[0] ?? '');
  return `${listed(counts)} ${isOne ? 'changes' : 'change'}, and ${who}.${warned}`;
}

function whose(moving: number, touched: number): string {
  return moving === 1 && touched === 1 ? '' : `for ${counted(moving, 'flag')} `;
}

/** How many of the given contexts get another answer at all. */
export function subjectsHeadline({ contexts, changed }: Subjects): string {
  const of = counted(contexts, 'context');
  if (changed === 0) return `None of ${of} gets another answer.`;
  return `${changed.toLocaleString('en')} of ${of} ${changed === 1 ? 'gets' : 'get'} another answer.`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
