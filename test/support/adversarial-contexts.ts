// Contexts made to break a claim about conditions: their own constants, what is next to these, and what fits nothing.
import fc from 'fast-check';
import type { JsonValue } from '../../src/lib/json.ts';
import { isOfType } from '../../src/logic/value-types.ts';
import type { Context } from '../../src/model/context.ts';
import type {
  AttributeCondition,
  AttributeDeclaration,
  Condition,
  Scalar,
} from '../../src/model/definitions.gen.ts';

/** The tests of attributes in a condition. */
export function testsIn(condition: Condition): AttributeCondition[] {
  if ('attribute' in condition) return [condition];
  if ('segment' in condition) return [];
  if ('not' in condition) return testsIn(condition.not);
  return ('and' in condition ? condition.and : condition.or).flatMap(testsIn);
}

/** The values themselves and those around them, of every type that an operator may take them for. */
export function valuesAround(constants: readonly Scalar[]): Scalar[] {
  const around = constants.flatMap((constant): Scalar[] => {
    if (typeof constant === 'boolean') return [constant, !constant, String(constant)];
    if (typeof constant === 'number')
      return [
        constant,
        constant + 1,
        constant - 1,
        constant * (1 + Number.EPSILON),
        constant - 0.5,
        String(constant),
      ];
    return [
      ...[
        constant,
        `${constant}x`,
        `x${constant}`,
        `${constant}${constant}`,
        constant.slice(1),
        constant.slice(0, -1),
      ],
      ...[constant.toUpperCase(), constant.toLowerCase(), `${constant}-0`, `${constant}.1`, `v${constant}`],
      ...constants.flatMap((other) =>
        typeof other === 'string' ? [constant + other, `${constant}~${other}`] : [],
      ),
      ...addressesIn(constant),
      ...instantsAround(constant),
    ];
  });
  return [
    ...new Set([...around, '', 'x', 0, 1, -1, 1e300, true, false, '1.0.0', '0.0.0-0', '10.1.2.3', '::1']),
  ];
}

function addressesIn(block: string): string[] {
  const [address = '', bits] = block.split('/');
  if (bits === undefined) return [];
  return [address, address.replace(/[0-9a-f]*$/, '1'), address.replace(/^\d+/, '9'), `::ffff:${address}`];
}

function instantsAround(text: string): Scalar[] {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !text.includes('T')) return [];
  return [ms, ms + 1, ms - 1, ms + 0.001, new Date(ms + 1).toISOString(), text.replace('Z', '.0000001Z')];
}

/** A value of the attribute, or that it is missing; without a declaration it may be anything. */
function attributeValue(
  values: readonly Scalar[],
  declaration: AttributeDeclaration | undefined,
): fc.Arbitrary<JsonValue | undefined> {
  const declared = declaration
    ? values
        .filter(isOfType[declaration.type])
        .filter((value) => (declaration.values ?? values).includes(value))
    : values;
  const scalar = fc.constantFrom(...declared, ...(declaration?.values ?? []));
  const missing = fc.constantFrom<JsonValue | undefined>(undefined, null);
  const list = fc.array(scalar, { maxLength: 4 });
  if (!declaration)
    return fc.oneof(scalar, scalar, list, fc.constantFrom<JsonValue>({}, [[]], [null]), missing);
  return declaration.list ? fc.oneof(list, list, scalar, missing) : fc.oneof(scalar, scalar, scalar, missing);
}

/** Contexts in which the attributes of the tests, and of `units`, are what they are declared to be. */
export function contextsFor(
  tests: readonly AttributeCondition[],
  attributes: ReadonlyMap<string, AttributeDeclaration> | undefined,
  units: { [attribute: string]: readonly string[] } = {},
): fc.Arbitrary<Context> {
  const constants = new Map<string, Scalar[]>(
    Object.entries(units).map(([name, texts]) => [name, [...texts]]),
  );
  for (const { attribute, value = [] } of tests) {
    constants.set(attribute, [
      ...(constants.get(attribute) ?? []),
      ...(Array.isArray(value) ? value : [value]),
    ]);
  }
  const fields = Object.fromEntries(
    Array.from(constants, ([name, each]) => [
      name,
      attributeValue(valuesAround(each), attributes?.get(name)),
    ]),
  );
  return fc.record(fields) as fc.Arbitrary<Context>;
}
