// Conditions compiled to nodes: each says what it tests, and holds for a subject or not.
import type { JsonValue } from '../lib/json.ts';
import type { AttributeCondition, Condition } from '../model/definitions.gen.ts';
import { refuseUnknown, tooOld } from './members.ts';
import type { Memo } from './memo.ts';
import { type ElementTest, operators, valuesOf } from './operators.ts';
import { attributeReader, LONGEST_LIST, type Reader, type Subject } from './subject.ts';

export type ConditionNode = { holds: (subject: Subject) => boolean } & (
  | { kind: 'attribute'; condition: AttributeCondition; read: Reader }
  | { kind: 'segment'; key: string }
  | { kind: 'and' | 'or'; children: ConditionNode[] }
  | { kind: 'not'; child: ConditionNode }
);

/** Definitions nest 16 deep at most; a snapshot that nests deeper than this was not made from them. */
const DEEPEST_NESTING = 32;

/** `segments` are those compiled before. Throws an error that says what is wrong with the condition. */
export function compileCondition(
  condition: Condition,
  segments: ReadonlyMap<string, Memo<boolean>>,
  depth = 0,
): ConditionNode {
  if (depth > DEEPEST_NESTING) throw new Error('a condition nests too deep');
  const compileChild = (child: Condition) => compileCondition(child, segments, depth + 1);
  if ('attribute' in condition) return compileAttribute(condition);
  if ('segment' in condition) {
    refuseUnknown('segment condition', condition);
    const segment = segments.get(condition.segment);
    const holds = segment ? (subject: Subject) => segment.ask(subject) : () => false;
    return { kind: 'segment', key: condition.segment, holds };
  }
  if ('not' in condition) {
    refuseUnknown('not condition', condition);
    const child = compileChild(condition.not);
    return { kind: 'not', child, holds: (subject) => !child.holds(subject) };
  }
  if ('and' in condition) {
    refuseUnknown('and condition', condition);
    const children = condition.and.map(compileChild);
    return { kind: 'and', children, holds: (subject) => everyHolds(children, subject) };
  }
  if (!('or' in condition)) throw tooOld(`the condition \`${Object.keys(condition).join('`, `')}\``);
  refuseUnknown('or condition', condition);
  const children = condition.or.map(compileChild);
  return { kind: 'or', children, holds: (subject) => someHolds(children, subject) };
}

/** The keys of the segments that a condition names, repeats included. */
export function segmentsNamedBy(condition: Condition, depth = 0): string[] {
  if (depth > DEEPEST_NESTING || 'attribute' in condition) return [];
  if ('segment' in condition) return [condition.segment];
  if ('not' in condition) return segmentsNamedBy(condition.not, depth + 1);
  const children = 'and' in condition ? condition.and : condition.or;
  // What has neither is of a newer version, and is refused when it is compiled.
  return (children ?? []).flatMap((child) => segmentsNamedBy(child, depth + 1));
}

// Loops and not `every` and `some`, whose callbacks would be allocated for each evaluation.
function everyHolds(children: readonly ConditionNode[], subject: Subject): boolean {
  for (const child of children) if (!child.holds(subject)) return false;
  return true;
}

function someHolds(children: readonly ConditionNode[], subject: Subject): boolean {
  for (const child of children) if (child.holds(subject)) return true;
  return false;
}

function compileAttribute(condition: AttributeCondition): ConditionNode {
  refuseUnknown('attribute condition', condition);
  const { attribute, operator: name, value } = condition;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator === undefined) throw tooOld(`the operator \`${name}\``);
  const values = valuesOf(condition);
  if (values.length === 0 && name !== 'exists') throw new Error(`\`${name}\` needs a \`value\``);
  const read = attributeReader(attribute);
  const node = { kind: 'attribute', condition, read } as const;
  if (name === 'exists') return { ...node, holds: presence(read, value !== false) };
  const test = operator.compile(values, condition.ignore_case === true);
  const negated = operator.negates !== undefined;
  const isPath = attribute.includes('.');
  return {
    ...node,
    holds: isPath ? comparison(read, test, negated) : ownComparison(attribute, test, negated),
  };
}

function presence(read: Reader, wanted: boolean): (subject: Subject) => boolean {
  return (subject) => (read(subject.context) !== undefined) === wanted;
}

/** A list fits when an element does. */
function fits(test: ElementTest, found: JsonValue): boolean {
  if (!Array.isArray(found)) return test(found);
  if (found.length > LONGEST_LIST) return false;
  for (const element of found) if (test(element)) return true;
  return false;
}

/** A missing attribute fits no operator, a negated one neither. */
function comparison(read: Reader, test: ElementTest, negated: boolean): (subject: Subject) => boolean {
  return ({ context }) => {
    const found = read(context);
    return found !== undefined && fits(test, found) !== negated;
  };
}

/** The same for a name without dots. Whether the attribute is the context's own is asked last, since most tests fail. */
function ownComparison(name: string, test: ElementTest, negated: boolean): (subject: Subject) => boolean {
  return ({ context }) => {
    const found = context[name];
    if (found === undefined || found === null) return false;
    return fits(test, found) !== negated && Object.hasOwn(context, name);
  };
}
