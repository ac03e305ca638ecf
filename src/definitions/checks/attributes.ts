// Conditions against the declared attributes: names that exist, operators that fit, and conditions that no value fulfils.
import { operators } from '../../engine/operators.ts';
import { printable, ticked } from '../../lib/printable.ts';
import type {
  AttributeCondition,
  AttributeDeclaration,
  OperatorName,
  Scalar,
} from '../../model/definitions.gen.ts';
import { problemCodes } from '../../model/problem.ts';
import type { Finding, Path } from '../finding.ts';
import type { ReadFile } from '../read-file.ts';
import { nearest } from '../suggest.ts';
import type { PlacedTest } from './walk.ts';
import type { Report, World } from './world.ts';

type Declarations = ReadonlyMap<string, AttributeDeclaration>;

/** Without `attributes` nothing is checked. */
export function checkAttributes(world: World, files: readonly ReadFile[], report: Report): void {
  const declarations = declarationsOf(world);
  if (!declarations) return;
  for (const file of files) {
    // Values that cannot be compiled, or are too costly to, are among the errors of the file alone.
    const isSound = file.findings.every(({ code }) => problemCodes[code].severity === 'warning');
    for (const placed of file.facts.tests) {
      const finding = findingFor(placed, declarations, world, isSound);
      if (finding) report(file, finding);
    }
    for (const { attribute, path } of file.facts.contradictions) {
      const declaration = declarations.get(attribute);
      if (!declaration || declaration.list) continue;
      const message = `No value of ${ticked(attribute)} fulfils this and what another part of the same \`and\` asks for.`;
      report(file, {
        code: 'never-holds',
        path,
        message,
        hint: 'Use `or`, or a list of values, or remove one of the two.',
      });
    }
    const unit = unitFinding(file, declarations);
    if (unit) report(file, unit);
  }
}

function declarationsOf({ project }: World): Declarations | undefined {
  if (!project?.attributes) return undefined;
  const targetingKey: AttributeDeclaration = { type: 'string' };
  return new Map(Object.entries({ targetingKey, ...project.attributes }));
}

/** The names of the attributes that are personal, whose values no message quotes. */
export function personalAttributes({ project }: World): ReadonlySet<string> {
  const declared = Object.entries(project?.attributes ?? {});
  return new Set(declared.flatMap(([name, { personal }]) => (personal ? [name] : [])));
}

function findingFor(
  { test, path }: PlacedTest,
  declarations: Declarations,
  world: World,
  isSound: boolean,
): Finding | undefined {
  const declaration = declarations.get(test.attribute);
  if (!declaration) {
    const hint = world.suggestions.hintFor(test.attribute, declarations, 'Declare it there, with its type.');
    const message = `project.yaml does not declare the attribute ${ticked(test.attribute)}.`;
    return { code: 'unknown-attribute', path: [...path, 'attribute'], message, hint };
  }
  if (!operators[test.operator].fits.includes(declaration.type)) {
    return unfitFinding(test, declaration, path);
  }
  if (!isSound || test.operator === 'exists') return undefined;
  return neverHolds(test, declaration) ? neverFinding(test, declaration, path) : undefined;
}

function unfitFinding(
  { attribute, operator }: AttributeCondition,
  { type }: AttributeDeclaration,
  path: Path,
): Finding {
  const fitting = (Object.keys(operators) as OperatorName[]).filter((name) =>
    operators[name].fits.includes(type),
  );
  return {
    code: 'operator-does-not-fit',
    path: [...path, 'operator'],
    message: `\`${operator}\` does not fit ${ticked(attribute)}, which project.yaml declares as a ${type}.`,
    hint: `A ${type} takes: ${fitting.map((name) => `\`${name}\``).join(', ')}.`,
  };
}

/** Whether no declared value, or no value of the declared type, fulfils the test. */
function neverHolds(
  { operator, value, ignore_case = false }: AttributeCondition,
  declaration: AttributeDeclaration,
): boolean {
  const { negates } = operators[operator];
  const values = valuesOf(value);
  const isEquality = operator === 'eq' || operator === 'in';
  if (isEquality && values.every((element) => typeof element !== declaration.type)) return true;
  if (!declaration.values || (negates && declaration.list)) return false;
  const test = operators[negates ?? operator].compile(values, ignore_case);
  return declaration.values.every((element) => test(element) === (negates !== undefined));
}

function neverFinding(
  { attribute, operator, value }: AttributeCondition,
  declaration: AttributeDeclaration,
  path: Path,
): Finding {
  const { values = [], personal } = declaration;
  const [asked] = valuesOf(value);
  const finding = { code: 'never-holds' as const, path: [...path, 'value'] };
  const message = `No value of ${ticked(attribute)} that project.yaml declares fulfils this condition.`;
  if (values.length === 0) {
    return {
      ...finding,
      message: `This never equals ${ticked(attribute)}, which is a ${declaration.type}.`,
      hint: 'Write a value of that type.',
    };
  }
  if (personal) return { ...finding, message, hint: 'Compare it with the declared ones.' };
  const known = values.map(String);
  const near = typeof asked === 'string' && !operators[operator].negates ? nearest(asked, known) : undefined;
  const isNear = near !== undefined && near.length > 2;
  const hint = isNear
    ? `Did you mean ${ticked(near)}?`
    : `Declared are: ${printable(known.join(', '), 200)}.`;
  return { ...finding, message, hint };
}

function valuesOf(value: AttributeCondition['value']): Scalar[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function unitFinding({ definition }: ReadFile, declarations: Declarations): Finding | undefined {
  if (!definition || !('unit' in definition.body) || definition.body.unit === undefined) return undefined;
  const { unit } = definition.body;
  const declaration = declarations.get(unit);
  if (declaration && !declaration.list) return undefined;
  const what = declaration ? 'is a list, and a list is no unit' : 'is not declared in project.yaml';
  const near = declaration ? undefined : nearest(unit, declarations.keys());
  const hint =
    near === undefined ? 'Without a unit, evaluation ends with an error.' : `Did you mean ${ticked(near)}?`;
  return {
    code: 'unit-not-declared',
    path: ['unit'],
    message: `The attribute ${ticked(unit)} ${what}.`,
    hint,
  };
}
