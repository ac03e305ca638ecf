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
    return [line, `        as ${counted(count, 'checkpoint')} say, the newest of entry ${entry} at ${time}`];
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

function derivationLines({ derived, underivable, signatures, pending }: Derivation): string[] {
  const what = [`${countedEntries(derived)} derived again`, `${counted(signatures, 'signature')} verified`];
  const lines = [`${styled('green', 'derived')} ${what.join(', ')}`];
  if (underivable > 0) {
    const which = countedEntries(underivable);
    lines.push(`        ${which} taken as stored: a history that was accepted has lost their commits`);
  }
  if (pending > 0) lines.push(`        ${counted(pending, 'commit')} of the branch not judged yet`);
  return lines;
}

function countedEntries(count: number): string {
  return count === 1 ? '1 entry' : `${count.toLocaleString('en')} entries`;
}
