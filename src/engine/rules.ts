// The rules of a flag: the first that holds and takes the subject decides.

import type { Decision } from '../model/decision.ts';
import type { Scalar } from '../model/definitions.gen.ts';
import type { ConditionNode } from './condition.ts';
import type { OutcomeNode } from './outcome.ts';
import { attributeReader, type Reader, type Subject } from './subject.ts';
import { isOpen, type Window } from './window.ts';

export interface RuleNode {
  /** The name, or `#2` (counted from 1) for a rule without one. */
  name: string;
  /** Absent where the rule holds for everyone. */
  condition: ConditionNode | undefined;
  /** Absent where the rule holds at any time. */
  window: Window | undefined;
  outcome: OutcomeNode;
}

/**
 * Consecutive rules that compare one attribute with values. One look-up finds the first that can hold, so that a long
 * table of rules costs no more than a short one.
 */
interface Run {
  read: Reader;
  firstByValue: ReadonlyMap<unknown, number>;
  end: number;
}

/** Shorter runs are quicker walked. */
const SHORTEST_RUN = 3;

export class Rules {
  readonly nodes: readonly RuleNode[];
  /** By the index of their first rule; most flags have none. */
  readonly #runs: readonly (Run | undefined)[] | undefined;

  constructor(nodes: readonly RuleNode[]) {
    this.nodes = nodes;
    this.#runs = findRuns(nodes);
  }

  /** Undefined where no rule decides. */
  decide(subject: Subject): Decision | undefined {
    const { nodes } = this;
    const runs = this.#runs;
    for (let index = 0; index < nodes.length; index++) {
      const run = runs?.[index];
      if (run !== undefined) index = skip(run, index, subject);
      const rule = nodes[index];
      if (rule === undefined) return undefined;
      if (rule.condition !== undefined && !rule.condition.holds(subject)) continue;
      if (rule.window !== undefined && !isOpen(rule.window, subject.nowMs)) continue;
      const decision = rule.outcome.decide(subject);
      if (decision !== undefined) return decision;
    }
    return undefined;
  }
}

/**
 * The index of the first rule from here on that can hold; whether its window is open is asked there. A list may hold in
 * many ways, so nothing is skipped for it.
 */
function skip(run: Run, index: number, { context }: Subject): number {
  const found = run.read(context);
  return Array.isArray(found) ? index : (run.firstByValue.get(found) ?? run.end);
}

function findRuns(nodes: readonly RuleNode[]): (Run | undefined)[] | undefined {
  if (nodes.length < SHORTEST_RUN) return undefined;
  const runs: (Run | undefined)[] = nodes.map(() => undefined);
  for (let start = 0, end = 0; start < nodes.length; start = Math.max(end, start + 1)) {
    const attribute = equality(nodes[start])?.attribute;
    end = start;
    while (attribute !== undefined && equality(nodes[end])?.attribute === attribute) end++;
    if (attribute === undefined || end - start < SHORTEST_RUN) continue;
    const firstByValue = new Map<unknown, number>();
    for (let index = start; index < end; index++) {
      for (const value of equality(nodes[index])?.values ?? []) {
        if (!firstByValue.has(value)) firstByValue.set(value, index);
      }
    }
    runs[start] = { read: attributeReader(attribute), firstByValue, end };
  }
  return runs.some((run) => run !== undefined) ? runs : undefined;
}

/** What a rule compares with what, if its condition is nothing but an equality. */
function equality(rule: RuleNode | undefined): { attribute: string; values: readonly Scalar[] } | undefined {
  if (rule?.condition?.kind !== 'attribute') return undefined;
  const { attribute, operator, value, ignore_case } = rule.condition.condition;
  if ((operator !== 'eq' && operator !== 'in') || ignore_case || value === undefined) return undefined;
  return { attribute, values: Array.isArray(value) ? value : [value] };
}
