// What `halyard test --format github` prints: failing cases, problems and missed ways as annotations of a pull request.
import type { Coverage } from '../../flag-tests/coverage.ts';
import type { CaseResult } from '../../flag-tests/run.ts';
import type { Problem } from '../../model/problem.ts';
import { type Annotation, annotationLine, MOST_ANNOTATIONS } from '../annotation.ts';
import { counted } from '../terminal.ts';
import { coverageSentence } from './coverage-text.ts';
import { caseName, failureLines } from './failure-text.ts';
import type { Round } from './round.ts';
import { BROKEN, summary } from './text.ts';

/** @param place the folder's path from the repository's root, with `/` at its end */
export function roundGithub(round: Round, place: string): string {
  const { problems, results, coverage, isBroken } = round;
  const annotations = [
    ...problems.map(ofProblem),
    ...results.flatMap(ofCase),
    ...(coverage ? ofCoverage(coverage) : []),
  ];
  const errorsFirst = [...annotations].sort((a, b) => rank(a) - rank(b));
  const lines = errorsFirst
    .slice(0, MOST_ANNOTATIONS)
    .map((each) => annotationLine({ ...each, file: place + each.file }));
  const left = annotations.length - lines.length;
  if (left > 0) lines.push(`… and ${counted(left, 'more annotation')}: \`halyard test\` tells them all.`);
  if (coverage) lines.push(coverageSentence(coverage, round));
  return `${[...lines, isBroken ? BROKEN : summary(round)].join('\n')}\n`;
}

function ofProblem({ severity, file, line, column, code, message, hint }: Problem): Annotation {
  return { severity, file, line, column, length: 1, title: code, message: `${message}\n${hint}` };
}

function ofCase({ case: one, failures }: CaseResult): Annotation[] {
  if (failures.length === 0) return [];
  const { file, line, column, flag, environment } = one;
  const title = `${flag} in ${environment}: ${caseName(one)}`;
  return [
    { severity: 'error', file, line, column, length: 1, title, message: failureLines(failures).join('\n') },
  ];
}

function ofCoverage({ flags }: Coverage): Annotation[] {
  return flags.flatMap(({ flag, file, tested, missed }): Annotation[] => {
    const warning = { severity: 'warning' as const, file, length: 1, title: 'no case' };
    if (!tested) return [{ ...warning, line: 1, column: 1, message: `No test is of the flag ${flag}.` }];
    return missed.map(({ environment, way, line, column }) => {
      return { ...warning, line, column, message: `No case reaches ${flag} in ${environment}: ${way}.` };
    });
  });
}

function rank({ severity }: Annotation): number {
  return severity === 'error' ? 0 : 1;
}
