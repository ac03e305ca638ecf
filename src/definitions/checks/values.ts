// What single tests compare a declared attribute with: values that it can have, and at least one that fulfils the test.
import { type ElementTest, operators, valuesOf } from '../../engine/operators.ts';
import { printable, ticked } from '../../lib/printable.ts';
import { isSatisfiable } from '../../logic/satisfiable.ts';
import { isOfType } from '../../logic/value-types.ts';
import type { AttributeCondition, AttributeDeclaration, Scalar } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { nearest } from '../suggest.ts';

/** The test's operator fits the declared type, and its values can be compiled. */
export function valueFindings(
  test: AttributeCondition,
  declaration: AttributeDeclaration,
  path: Path,
): Finding[] {
  if (test.operator === 'exists') return [];
  const declarations = new Map([[test.attribute, declaration]]);
  if (isSatisfiable([{ kind: 'attribute', test, holds: true }], declarations))
    return strayValues(test, declaration, path);
  const message = neverMessage(test, declaration);
  const [first] = valuesOf(test);
  const hint = operators[test.operator].negates ? declaredHint(declaration) : valueHint(first, declaration);
  return [{ code: 'never-holds', path: [...path, 'value'], message, hint }];
}

function neverMessage(
  { attribute, operator }: AttributeCondition,
  { type, values }: AttributeDeclaration,
): string {
  if (values) return `No value of ${ticked(attribute)} that project.yaml declares fulfils this condition.`;
  if (operator === 'eq' || operator === 'in')
    return `This never equals ${ticked(attribute)}, which is a ${type}.`;
  return `No ${type} fulfils this condition.`;
}

/** Values that the attribute is compared with and never has, beside others that it has. */
function strayValues(test: AttributeCondition, declaration: AttributeDeclaration, path: Path): Finding[] {
  if ((operators[test.operator].negates ?? test.operator) !== 'eq' && !/^(not_)?in$/.test(test.operator))
    return [];
  const occurs = occurrence(declaration, test.ignore_case === true);
  return valuesOf(test).flatMap((value, i): Finding[] => {
    if (occurs(value)) return [];
    const at = [...path, 'value', ...(Array.isArray(test.value) ? [i] : [])];
    const name = declaration.personal ? 'This' : ticked(String(value));
    const message = declaration.values
      ? `${name} is none of the values of ${ticked(test.attribute)} that project.yaml declares.`
      : `${name} is never the value of ${ticked(test.attribute)}, which is a ${declaration.type}.`;
    return [{ code: 'value-not-declared', path: at, message, hint: valueHint(value, declaration) }];
  });
}

/** Sets of what is declared, made once for each declaration: a list may have thousands. */
const occurrences = new WeakMap<AttributeDeclaration, Map<boolean, ElementTest>>();

function occurrence(declaration: AttributeDeclaration, ignoresCase: boolean): ElementTest {
  const { values, type } = declaration;
  if (!values) return isOfType[type];
  const known = occurrences.get(declaration) ?? new Map<boolean, ElementTest>();
  occurrences.set(declaration, known);
  const test = known.get(ignoresCase) ?? operators.eq.compile(values, ignoresCase);
  known.set(ignoresCase, test);
  return test;
}

function valueHint(value: Scalar | undefined, declaration: AttributeDeclaration): string {
  const { values = [], personal } = declaration;
  const near = typeof value === 'string' && !personal ? nearest(value, values.map(String)) : undefined;
  const isNear = near !== undefined && near.length > 2;
  return isNear ? `Did you mean ${ticked(near)}?` : declaredHint(declaration);
}

function declaredHint({ values, personal, type }: AttributeDeclaration): string {
  if (!values) return `Write a ${type}.`;
  if (personal) return 'Compare it with the declared ones.';
  return `Declared are: ${printable(values.map(String).join(', '), 200)}.`;
}
