// What `audit verify` found, as people read it.
import type { Verification } from '../../audit/verify.ts';
import { printable } from '../../lib/printable.ts';
import { counted, styled } from '../terminal.ts';
import type { CheckpointFault } from './checkpoints.ts';

type Derivation = NonNullable<Verification['derivation']>;

export function verifyLines(verification: Verification): string[] {
  const { projects, derivation, break: found } = verification;
  const whole = projects.filter(({ project }) => project !== found?.project);
  const lines = whole.flatMap(({ project, entries, hash, checkpoints }) => {
    const last = hash ? `, the last one ${hash}` : '';
    const line = `${styled('green', 'whole')}   ${printable(project)}  ${countedEntries(entries)}${last}`;
    if (!checkpoints) return [line];
    const { count, entry, time } = checkpoints;
    const said = `${counted(count, 'checkpoint')} ${count === 1 ? 'says' : 'say'}`;
    return [line, `        as ${said}, the newest of entry ${entry} at ${time}`];
  });
  if (derivation && !found) lines.push(...derivationLines(derivation));
  if (!found) {
    return lines.length > 0
      ? lines
      : [`${styled('green', 'whole')}   ${counted(0, 'project')} in this database`];
  }
  const where = [found.project && printable(found.project), found.entry && `entry ${found.entry}`].filter(
    Boolean,
  );
  const what = [styled('bold', found.kind), ...where].join('  ');
  return [...lines, `${styled('red', 'broken')}  ${what}: ${printable(found.message, 500)}`];
}

/** Checkpoints that prove nothing, which says nothing of the chain. */
export function checkpointFaultLine({ source, message }: CheckpointFault): string {
  return `${styled('red', 'bad checkpoint')}  ${printable(source, 300)}: ${message}`;
}

function derivationLines(derivation: Derivation): string[] {
  const { derived, underivable, signatures, pending, taken, branch, path, head } = derivation;
  const what = [`${countedEntries(derived)} derived again`, `${counted(signatures, 'signature')} verified`];
  const place = `${printable(branch)} at ${head.slice(0, 10)}, ${path === '' ? 'its root' : printable(path)}`;
  const lines = [`${styled('green', 'derived')} ${what.join(', ')}`, `        from ${place}`];
  if (underivable > 0) {
    const which = countedEntries(underivable);
    lines.push(`        ${which} taken as stored: a history that was accepted has lost their commits`);
  }
  const words = wordsFor(taken);
  if (words.length > 0) lines.push(`        taken as recorded: ${words.join(', ')}`);
  if (pending > 0) lines.push(`        ${counted(pending, 'commit')} of the branch not judged yet`);
  return lines;
}

function wordsFor({ histories, reviews, expired }: Derivation['taken']): string[] {
  return [
    ...(histories > 0 ? [histories === 1 ? 'a rewritten history' : `${histories} rewritten histories`] : []),
    ...(reviews > 0 ? [`${counted(reviews, 'review')} of a forge`] : []),
    ...(expired > 0 ? [`${counted(expired, 'approval')} that had expired`] : []),
  ];
}

function countedEntries(count: number): string {
  return count === 1 ? '1 entry' : `${count.toLocaleString('en')} entries`;
}
