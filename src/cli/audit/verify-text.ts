// What `audit verify` found, as people read it.
import type { Verification } from '../../audit/verify.ts';
import { printable } from '../../lib/printable.ts';
import { counted, styled } from '../terminal.ts';

export function verifyLines({ projects, break: found }: Verification): string[] {
  const whole = projects.filter(({ project }) => project !== found?.project);
  const lines = whole.map(({ project, entries, hash }) => {
    const count = entries === 1 ? '1 entry' : `${entries.toLocaleString('en')} entries`;
    return `${styled('green', 'whole')}   ${printable(project)}  ${count}${hash ? `, the last one ${hash}` : ''}`;
  });
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
