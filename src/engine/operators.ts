// The one operator table: what each operator fits, what its `value` may be, and how it is compiled to a test.
import type { JsonValue } from '../lib/json.ts';
import type {
  AttributeCondition,
  AttributeDeclaration,
  OperatorName,
  Scalar,
} from '../model/definitions.gen.ts';
import { blockOperand, isInBlock, parseAddress } from './operands/address.ts';
import { compareInstants, instantOperand, parseInstant } from './operands/instant.ts';
import type { OperandFault, Parsed } from './operands/parsed.ts';
import { ignoringCase, occursIn, type Pattern, patternOperand } from './operands/pattern.ts';
import { numberOperand, presenceOperand, scalarOperand, textOperand } from './operands/scalar.ts';
import { fold } from './operands/text.ts';
import { compareVersions, parseVersion, versionOperand } from './operands/version.ts';

export type AttributeType = AttributeDeclaration['type'];

/** Tests one present value of an attribute, or one element of a list. Of another type it is false. */
export type ElementTest = (element: JsonValue) => boolean;

export interface Operator {
  /** The declared attribute types that it fits. */
  fits: readonly AttributeType[];
  /** The operator that it is the opposite of, for an attribute that is present. */
  negates?: OperatorName;
  /** `exists` alone does without a `value`, takes no list of them, and looks at the attribute as a whole. */
  takesList: boolean;
  /** Parses one element of `value`; a fault is for its author. */
  parseValue(value: Scalar): Parsed<unknown>;
  /** The test for any of these values. Throws an error that says what is wrong with one. */
  compile(values: readonly Scalar[], ignoreCase: boolean): ElementTest;
}

const text: AttributeType[] = ['string'];
const everyType: AttributeType[] = ['string', 'number', 'boolean', 'semver', 'date'];

const eq = family(['string', 'number', 'boolean'], scalarOperand, testEqual);
const contains = family(
  text,
  textOperand,
  testText((subject, part) => subject.includes(part)),
);
const startsWith = family(
  text,
  textOperand,
  testText((subject, part) => subject.startsWith(part)),
);
const endsWith = family(
  text,
  textOperand,
  testText((subject, part) => subject.endsWith(part)),
);
const matches = family(text, patternOperand, testPatterns);
const inCidr = family(text, blockOperand, (blocks) => (element) => {
  const address = typeof element === 'string' ? parseAddress(element) : undefined;
  return address !== undefined && blocks.some((block) => isInBlock(address, block));
});
const semverEq = semver((order) => order === 0);

export const operators: Readonly<Record<OperatorName, Operator>> = {
  eq,
  neq: { ...eq, negates: 'eq' },
  in: eq,
  not_in: { ...eq, negates: 'in' },
  gt: comparison((element, value) => element > value),
  gte: comparison((element, value) => element >= value),
  lt: comparison((element, value) => element < value),
  lte: comparison((element, value) => element <= value),
  contains,
  not_contains: { ...contains, negates: 'contains' },
  starts_with: startsWith,
  not_starts_with: { ...startsWith, negates: 'starts_with' },
  ends_with: endsWith,
  not_ends_with: { ...endsWith, negates: 'ends_with' },
  matches,
  not_matches: { ...matches, negates: 'matches' },
  exists: { ...family(everyType, presenceOperand, () => () => true), takesList: false },
  semver_eq: semverEq,
  semver_neq: { ...semverEq, negates: 'semver_eq' },
  semver_gt: semver((order) => order > 0),
  semver_gte: semver((order) => order >= 0),
  semver_lt: semver((order) => order < 0),
  semver_lte: semver((order) => order <= 0),
  before: instants((order) => order < 0),
  after: instants((order) => order > 0),
  in_cidr: inCidr,
  not_in_cidr: { ...inCidr, negates: 'in_cidr' },
};

/** What a condition compares with: any of these. Empty where it has no `value`. */
export function valuesOf({ value }: AttributeCondition): readonly Scalar[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** Every fault of a condition's `value`, with the index of the element for a list. Empty where it is fine. */
export function valueFaults(
  name: OperatorName,
  value: Scalar | readonly Scalar[] | undefined,
): (OperandFault & { index?: number })[] {
  const operator = operators[name];
  if (value === undefined) {
    if (!operator.takesList) return [];
    const hint = 'Add `value:` with what to compare with.';
    return [{ code: 'missing-value', message: `\`${name}\` needs a \`value\`.`, hint }];
  }
  if (typeof value !== 'object') return faultOf(operator.parseValue(value));
  if (!operator.takesList) {
    const message = `\`${name}\` takes one \`value\`, true or false, not a list.`;
    return [{ code: 'invalid-value', message, hint: 'Write the one value without brackets.' }];
  }
  return value.flatMap((element, index) =>
    faultOf(operator.parseValue(element)).map((fault) => ({ ...fault, index })),
  );
}

function faultOf(parsed: Parsed<unknown>): OperandFault[] {
  return 'fault' in parsed ? [parsed.fault] : [];
}

/** Ties together how values are parsed and how what was parsed is tested. */
function family<Operand>(
  fits: readonly AttributeType[],
  parseValue: (value: Scalar) => Parsed<Operand>,
  test: (operands: Operand[], ignoreCase: boolean) => ElementTest,
): Operator {
  const operandOf = (value: Scalar): Operand => {
    const parsed = parseValue(value);
    if ('fault' in parsed) throw new Error(parsed.fault.message);
    return parsed.operand;
  };
  return {
    fits,
    takesList: true,
    parseValue,
    compile: (values, ignoreCase) => test(values.map(operandOf), ignoreCase),
  };
}

function testEqual(values: Scalar[], ignoreCase: boolean): ElementTest {
  const [only] = values;
  if (ignoreCase) {
    const folded = new Set<JsonValue>(
      values.map((value) => (typeof value === 'string' ? fold(value) : value)),
    );
    return (element) => folded.has(typeof element === 'string' ? fold(element) : element);
  }
  if (values.length === 1) return (element) => element === only;
  const set = new Set<JsonValue>(values);
  return (element) => set.has(element);
}

function testText(holds: (subject: string, part: string) => boolean) {
  return (parts: string[], ignoreCase: boolean): ElementTest => {
    if (!ignoreCase)
      return (element) => typeof element === 'string' && parts.some((part) => holds(element, part));
    const folded = parts.map(fold);
    return (element) => {
      if (typeof element !== 'string') return false;
      const subject = fold(element);
      return folded.some((part) => holds(subject, part));
    };
  };
}

function testPatterns(asWritten: Pattern[], ignoreCase: boolean): ElementTest {
  const patterns = ignoreCase ? asWritten.map(ignoringCase) : asWritten;
  return (element) => typeof element === 'string' && patterns.some((pattern) => occursIn(pattern, element));
}

function comparison(holds: (element: number, value: number) => boolean): Operator {
  return family(['number'], numberOperand, (values) => (element) => {
    return typeof element === 'number' && values.some((value) => holds(element, value));
  });
}

function semver(holds: (order: number) => boolean): Operator {
  return family(['semver'], versionOperand, (versions) => (element) => {
    const version = typeof element === 'string' ? parseVersion(element) : undefined;
    return version !== undefined && versions.some((other) => holds(compareVersions(version, other)));
  });
}

function instants(holds: (order: number) => boolean): Operator {
  return family(['date'], instantOperand, (others) => (element) => {
    const instant = parseInstant(element);
    return instant !== undefined && others.some((other) => holds(compareInstants(instant, other)));
  });
}
