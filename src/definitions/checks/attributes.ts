// Conditions against the declared attributes: names that exist, operators and values that fit.
import { operators } from '../../engine/operators.ts';
import { ticked } from '../../lib/printable.ts';
import type { AttributeCondition, AttributeDeclaration, OperatorName } from '../../model/definitions.gen.ts';
import { problemCodes } from '../../model/problem.ts';
import type { Finding, Path } from '../finding.ts';
import { DEFAULT_UNIT } from '../normal-form.ts';
import type { ReadFile } from '../read-file.ts';
import { nearest } from '../suggest.ts';
import { valueFindings } from './values.ts';
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
      for (const finding of findingsFor(placed, declarations, world, isSound)) report(file, finding);
    }
    const unit = unitFinding(file, declarations);
    if (unit) report(file, unit);
  }
}

/** The declared attributes, `targetingKey` among them; undefined where nothing is declared. */
export function declarationsOf({ project }: World): Declarations | undefined {
  if (!project?.attributes) return undefined;
  const { targetingKey = { type: 'string' as const }, ...others } = project.attributes;
  return new Map(Object.entries({ targetingKey: { ...targetingKey, personal: true }, ...others }));
}

/** The names of the attributes that are personal, whose values no message quotes: `targetingKey` names a subject. */
export function personalAttributes({ project }: World): ReadonlySet<string> {
  const declared = Object.entries(project?.attributes ?? {});
  return new Set([DEFAULT_UNIT, ...declared.flatMap(([name, { personal }]) => (personal ? [name] : []))]);
}

function findingsFor(
  { test, path }: PlacedTest,
  declarations: Declarations,
  world: World,
  isSound: boolean,
): Finding[] {
  const declaration = declarations.get(test.attribute);
  if (!declaration) {
    const hint = world.suggestions.hintFor(test.attribute, declarations, 'Declare it there, with its type.');
    const message = `project.yaml does not declare the attribute ${ticked(test.attribute)}.`;
    return [{ code: 'unknown-attribute', path: [...path, 'attribute'], message, hint }];
  }
  if (!operators[test.operator].fits.includes(declaration.type)) {
    return [unfitFinding(test, declaration, path)];
  }
  return isSound ? valueFindings(test, declaration, path) : [];
}

function unfitFinding(
  { attribute, operator }: AttributeCondition,
  { type }: AttributeDeclaration,
  path: Path,
): Finding {
  const fitting = (Object.keys(operators) as OperatorName[]).filter((name) =>
    operators[name].fits.includes(type),
  );
  // `gte` and `semver_gte` say the same of other types.
  const alike = fitting.find((name) => name.endsWith(`_${operator}`) || operator.endsWith(`_${name}`));
  return {
    code: 'operator-does-not-fit',
    path: [...path, 'operator'],
    message: `\`${operator}\` does not fit ${ticked(attribute)}, which project.yaml declares as a ${type}.`,
    hint: alike
      ? `Did you mean \`${alike}\`?`
      : `A ${type} takes: ${fitting.map((name) => `\`${name}\``).join(', ')}.`,
  };
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
