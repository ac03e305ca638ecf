// Gives findings their lines and columns, and keeps lists of problems to a length that someone reads.
import { compareProblems, type Problem, problemCodes } from '../model/problem.ts';
import type { Fault, Finding, Path } from './finding.ts';
import { lineAndColumn, offsetOf } from './positions.ts';
import type { ReadFile } from './read-file.ts';
import { limits } from './source-file.ts';

/** A problem of a whole file, or of one that is not there. */
export function wholeFileProblem(file: string, { code, message, hint }: Omit<Fault, 'offset'>): Problem {
  const { severity } = problemCodes[code];
  return { file, line: 1, column: 1, code, severity, message, hint };
}

/**
 * Everything about one file: what was found in it alone, and by comparing it with the others. Values of personal
 * attributes are quoted in no message. `omitted` is how many more there are than `others`.
 */
export function problemsOf(
  file: ReadFile,
  others: readonly Finding[],
  personal: ReadonlySet<string>,
  omitted = 0,
): Problem[] {
  const alone = file.findings.filter((finding) => !isTold(finding, file, others));
  const found = [...file.faults, ...alone.map((finding) => discreet(finding, personal)), ...others];
  if (found.length === 0) return [];
  const text = new TextDecoder().decode(file.content);
  const place = (fault: Fault | Finding): Problem => ({
    ...wholeFileProblem(file.path, fault),
    ...lineAndColumn(text, 'offset' in fault ? fault.offset : offsetIn(file, fault)),
  });
  const errorsFirst = found.sort((a, b) => rank(problemCodes[a.code]) - rank(problemCodes[b.code]));
  const problems = errorsFirst.slice(0, limits.problemsOfFile).map(place).sort(compareProblems);
  const left = found.length - problems.length + (file.omitted ?? 0) + omitted;
  return left === 0 ? problems : [...problems, restOf(left, problems)];
}

/** What YAML already refuses needs no second complaint, nor does a value that only a wrong operator does not take. */
function isTold(finding: Finding, file: ReadFile, others: readonly Finding[]): boolean {
  const { path, quotes } = finding;
  if (path.length > 0 && file.faults.length > 0) {
    const offset = offsetIn(file, finding);
    if (file.faults.some((fault) => fault.offset === offset)) return true;
  }
  if (quotes === undefined) return false;
  const test = path.slice(0, path.lastIndexOf('value'));
  return others.some(
    (other) => other.code === 'operator-does-not-fit' && isSamePath(other.path, [...test, 'operator']),
  );
}

function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, i) => String(step) === String(b[i]));
}

/** At most 10,000 problems of all files, errors before warnings, in the order of files and lines. */
export function bounded(problems: Problem[]): Problem[] {
  return new ProblemList(problems).sorted();
}

/** Collects the problems of many files, and never holds many more than are listed. */
export class ProblemList {
  #problems: Problem[] = [];
  #omitted = 0;

  constructor(problems: readonly Problem[] = []) {
    this.add(problems);
  }

  add(problems: readonly Problem[]): void {
    for (const problem of problems) this.#problems.push(problem);
    if (this.#problems.length > 3 * limits.problems) this.#cut();
  }

  /** At most 10,000, errors before warnings, in the order of files and lines, and one more for the rest. */
  sorted(): Problem[] {
    this.#cut();
    const problems = this.#problems.toSorted(compareProblems);
    return this.#omitted === 0 ? problems : [...problems, restOf(this.#omitted, problems)];
  }

  #cut(): void {
    const excess = this.#problems.length - limits.problems;
    if (excess <= 0) return;
    this.#problems.sort((a, b) => rank(a) - rank(b) || compareProblems(a, b));
    this.#problems.length = limits.problems;
    this.#omitted += excess;
  }
}

function discreet(finding: Finding, personal: ReadonlySet<string>): Finding {
  if (finding.quotes === undefined || !personal.has(finding.quotes)) return finding;
  return {
    ...finding,
    hint: 'Look at the value in the file.',
    message: `${problemCodes[finding.code].summary} (The value is personal, so it is not shown.)`,
  };
}

function rank({ severity }: { severity: Problem['severity'] }): number {
  return severity === 'error' ? 0 : 1;
}

/** Says how many problems are left out, after the last one of those that are shown. */
function restOf(count: number, shown: readonly Problem[]): Problem {
  const { file = '', line = 1, column = 1 } = shown.at(-1) ?? {};
  const severity = shown.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  const message = `There are ${count.toLocaleString('en')} more problems, not listed here.`;
  return { file, line, column, code: 'too-many-problems', severity, message, hint: 'Mend these first.' };
}

function offsetIn({ value, offsets }: ReadFile, { path, on }: Finding): number {
  return offsetOf(value, offsets, path, on ?? 'value');
}
