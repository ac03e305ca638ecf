// What is told of problems in status and metrics: how often the policy found what, and the first problem in words. Pure.
import { type ProblemCode, problemCodes } from '../model/problem.ts';

/** All that a policy may find: the codes are few, and known. */
export const REFUSAL_CODES: readonly ProblemCode[] = (Object.keys(problemCodes) as ProblemCode[]).filter(
  (code) => problemCodes[code].group === 'access',
);

export type RefusalCounts = Map<ProblemCode, number>;

export function noRefusals(): RefusalCounts {
  return new Map(REFUSAL_CODES.map((code) => [code, 0]));
}

/** The codes that the policy found, each once. */
export function refusalsIn(problems: readonly { code: string }[]): ProblemCode[] {
  return REFUSAL_CODES.filter((code) => problems.some((problem) => problem.code === code));
}

interface PlacedProblem {
  code: string;
  file: string;
  line: number;
  column: number;
  message?: string;
}

/** The first problem's place and code. What the policy says is told in its words too, since those quote no value. */
export function problemText([first]: readonly PlacedProblem[]): string | undefined {
  if (!first) return undefined;
  const { code, file, line, column, message } = first;
  const words = message !== undefined && refusalsIn([first]).length > 0 ? `: ${message}` : '';
  return `${file}:${line}:${column} ${code}${words}`;
}
