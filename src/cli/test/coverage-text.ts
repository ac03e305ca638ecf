// Coverage as people read it: each way through a flag that no case takes, and the share of those that cases take.
import { join } from 'node:path';
import type { Coverage, FlagCoverage } from '../../flag-tests/coverage.ts';
import { printable } from '../../lib/printable.ts';
import { counted, styled } from '../terminal.ts';
import { isCovered, type Round } from './round.ts';

export function coverageLines(coverage: Coverage, round: Round): string[] {
  return [
    ...coverage.flags.flatMap((flag) => flagLines(flag, round.path)),
    coverageSentence(coverage, round),
  ];
}

/** `Coverage 57.1%: 8 of 14 ways through 7 flags, less than 90%.` */
export function coverageSentence(coverage: Coverage, { minCoverage }: Round): string {
  const { covered, total, flags } = coverage;
  const share = `${percent(coverage)}%: ${covered.toLocaleString('en')} of ${counted(total, 'way')} through ${counted(flags.length, 'flag')}`;
  const demanded = isCovered(coverage, minCoverage) ? '' : styled('red', `, less than ${minCoverage}%`);
  return `Coverage ${styled(covered < total ? 'yellow' : 'green', share)}${demanded}.`;
}

function flagLines({ flag, file, tested, total, missed }: FlagCoverage, folder: string): string[] {
  const place = printable(join(folder, file), 300);
  if (!tested) return [`${place}  ${styled('yellow', 'no test')}  ${flag}: ${counted(total, 'way')}`];
  return missed.map(
    ({ environment, way, line, column }) =>
      `${place}:${line}:${column}  ${styled('yellow', 'no case')}  ${flag} in ${environment}: ${way}`,
  );
}

/** One decimal, rounded down: 100 means all. */
export function percent({ covered, total }: Coverage): number {
  return total === 0 ? 100 : Math.floor((covered * 1000) / total) / 10;
}
