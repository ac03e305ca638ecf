// Real subjects: for each flag and environment of a plan, how many of the given contexts get another answer.
import { snapshotOf } from '../../definitions/environments.ts';
import { compile, type Ruleset } from '../../engine/compile.ts';
import { evaluate } from '../../engine/evaluate.ts';
import { canonical, type JsonValue } from '../../lib/json.ts';
import type { Decision } from '../../model/decision.ts';
import type { Definitions } from '../../model/definition.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ContextLine } from '../contexts.ts';

/** Lines that are named for each move: enough to look at, and no list of people. */
const MOST_EXAMPLES = 3;

/** Nothing of a subject but the number of its line. */
export interface Subjects {
  contexts: number;
  /** Contexts for whom any flag of the plan gives another answer in any environment. */
  changed: number;
  flags: SubjectsOfFlag[];
}

export interface SubjectsOfFlag {
  flag: string;
  environment: string;
  changed: number;
  moves: SubjectMove[];
}

/**
 * `from` and `to` are variations, absent where the app's own default stands, for an error too; alike where only the
 * value is another.
 */
export interface SubjectMove extends Ends {
  count: number;
  /** The first lines on which such a subject stands, counted from 1. */
  examples: number[];
}

interface Ends {
  from?: string;
  fromError?: string;
  to?: string;
  toError?: string;
}

/** Evaluates every context before and after. `before` is undefined where there was nothing. */
export function countSubjects(
  plan: Plan,
  lines: readonly ContextLine[],
  sides: { before: Definitions | undefined; after: Definitions },
  nowMs: number,
): Subjects {
  const rulesets = new Map<string, { before: Ruleset | undefined; after: Ruleset | undefined }>();
  const changed = new Set<number>();
  const flags: SubjectsOfFlag[] = [];
  for (const { flag, environments } of plan.flags) {
    for (const { environment } of environments) {
      const compiled = rulesets.get(environment) ?? {
        before: sides.before && compiledFor(sides.before, environment),
        after: compiledFor(sides.after, environment),
      };
      rulesets.set(environment, compiled);
      const moves = movesOf(lines, (line) => {
        const from = answer(compiled.before, flag, line, nowMs);
        const to = answer(compiled.after, flag, line, nowMs);
        if (isSame(from, to)) return undefined;
        changed.add(line.line);
        return endsOf(from, to);
      });
      const total = moves.reduce((sum, { count }) => sum + count, 0);
      flags.push({ flag, environment, changed: total, moves });
    }
  }
  return { contexts: lines.length, changed: changed.size, flags };
}

function compiledFor(definitions: Definitions, environment: string): Ruleset | undefined {
  if (!Object.hasOwn(definitions.project.environments, environment)) return undefined;
  return compile(snapshotOf(definitions, environment, 1));
}

function answer(
  ruleset: Ruleset | undefined,
  flag: string,
  { context }: ContextLine,
  nowMs: number,
): Decision | undefined {
  return ruleset?.flags.has(flag) ? evaluate(ruleset, flag, context, nowMs) : undefined;
}

/** An app cannot tell an error from no value: it uses its own default. */
function valueSeen(decision: Decision | undefined): JsonValue | undefined {
  return decision?.errorCode === undefined ? decision?.value : undefined;
}

function isSame(a: Decision | undefined, b: Decision | undefined): boolean {
  const [from, to] = [valueSeen(a), valueSeen(b)];
  if (from === undefined || to === undefined) return from === to;
  return a?.variation === b?.variation && (from === to || canonical(from) === canonical(to));
}

function endsOf(before: Decision | undefined, after: Decision | undefined): Ends {
  const { variation: from, errorCode: fromError } = before ?? {};
  const { variation: to, errorCode: toError } = after ?? {};
  const had = fromError === undefined ? from !== undefined && { from } : { fromError };
  const has = toError === undefined ? to !== undefined && { to } : { toError };
  return { ...had, ...has };
}

/** The moves, the most frequent first. */
function movesOf(
  lines: readonly ContextLine[],
  moveOf: (line: ContextLine) => Ends | undefined,
): SubjectMove[] {
  const moves = new Map<string, SubjectMove>();
  for (const line of lines) {
    const move = moveOf(line);
    if (!move) continue;
    const id = JSON.stringify(move);
    const known = moves.get(id) ?? { ...move, count: 0, examples: [] };
    known.count += 1;
    if (known.examples.length < MOST_EXAMPLES) known.examples.push(line.line);
    moves.set(id, known);
  }
  return [...moves.values()].sort((a, b) => b.count - a.count);
}
