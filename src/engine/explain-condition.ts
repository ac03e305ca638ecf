// Explains a condition: each node with what it found in the context, and whether it holds.
import type { JsonValue } from '../lib/json.ts';
import type { OperatorName } from '../model/definitions.gen.ts';
import type { ConditionNode } from './condition.ts';
import { foundAt, shorten } from './found.ts';
import type { Subject } from './subject.ts';

/** All parts are shown, also those that evaluation need not look at because the result is clear before. */
export type ConditionExplanation = { holds: boolean } & (
  | {
      attribute: string;
      operator: OperatorName;
      value?: JsonValue;
      ignore_case?: boolean;
      /** What the context holds, shortened; absent where the attribute is missing. */
      found?: JsonValue;
    }
  | { segment: string }
  | { and: ConditionExplanation[] }
  | { or: ConditionExplanation[] }
  | { not: ConditionExplanation }
);

export function explainCondition(node: ConditionNode, subject: Subject): ConditionExplanation {
  const holds = node.holds(subject);
  switch (node.kind) {
    case 'attribute': {
      const { attribute, operator, value, ignore_case } = node.condition;
      const found = foundAt(attribute, subject).value;
      return {
        attribute,
        operator,
        ...(value !== undefined && { value: shorten(value) }),
        ...(ignore_case && { ignore_case }),
        ...(found !== undefined && { found }),
        holds,
      };
    }
    case 'segment':
      return { segment: node.key, holds };
    case 'not':
      return { not: explainCondition(node.child, subject), holds };
    case 'and':
      return { and: node.children.map((child) => explainCondition(child, subject)), holds };
    case 'or':
      return { or: node.children.map((child) => explainCondition(child, subject)), holds };
  }
}

/** The keys of the segments that an explained condition names. */
export function segmentsIn(condition: ConditionExplanation | undefined): string[] {
  if (condition === undefined) return [];
  if ('segment' in condition) return [condition.segment];
  if ('not' in condition) return segmentsIn(condition.not);
  if ('and' in condition) return condition.and.flatMap(segmentsIn);
  return 'or' in condition ? condition.or.flatMap(segmentsIn) : [];
}
