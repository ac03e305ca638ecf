// Warnings about a case's context: attributes that no app can send, and values that are not of the declared type.
import type { Finding, Path } from '../definitions/finding.ts';
import { parseInstant } from '../engine/operands/instant.ts';
import { parseVersion } from '../engine/operands/version.ts';
import type { JsonValue } from '../lib/json.ts';
import { ticked } from '../lib/printable.ts';
import type { AttributeDeclaration } from '../model/definitions.gen.ts';
import type { TestWorld } from './world.ts';

type Mapping = { readonly [key: string]: JsonValue };

/** Objects are walked as dotted names are: `company: { id: … }` is `company.id`. Without `attributes` nothing is checked. */
export function contextFindings(context: Mapping, path: Path, world: TestWorld): Finding[] {
  return world.attributes ? walk(context, '', path, world.attributes, world) : [];
}

function walk(
  within: Mapping,
  prefix: string,
  path: Path,
  declarations: NonNullable<TestWorld['attributes']>,
  world: TestWorld,
): Finding[] {
  return Object.entries(within).flatMap(([key, value]): Finding[] => {
    const [name, at] = [prefix + key, [...path, key]];
    const declaration = declarations.get(name);
    if (declaration) return typeFindings(name, value, declaration, at);
    if (world.objects.has(name) && value === null) return [];
    if (world.objects.has(name) && isMapping(value)) return walk(value, `${name}.`, at, declarations, world);
    const otherwise = 'Declare it there, with its type, or remove it.';
    const hint = world.suggestions.hintFor(name, declarations, otherwise);
    const message = `project.yaml does not declare the attribute ${ticked(name)}, so no condition asks for it.`;
    return [{ code: 'attribute-not-declared', path: at, on: 'key', message, hint }];
  });
}

/** The value itself may be personal, so it is not quoted. */
function typeFindings(
  name: string,
  value: JsonValue,
  { type, list = false }: AttributeDeclaration,
  path: Path,
): Finding[] {
  if (value === null) return [];
  const elements = list && Array.isArray(value) ? value : [value];
  if (elements.every((element) => fits(element, type))) return [];
  const message = `${ticked(name)} is not ${EXPECTED[type]} here, as project.yaml declares it.`;
  const isNumber = typeof value === 'number';
  const hint =
    isNumber && (type === 'string' || type === 'semver')
      ? 'Quote it: without quotes YAML reads a number (and 4.10 as 4.1).'
      : 'Write what apps send. Conditions on it do not hold for anything else.';
  return [{ code: 'attribute-not-of-type', path, message, hint }];
}

const EXPECTED: Readonly<Record<AttributeDeclaration['type'], string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'a boolean',
  semver: 'a version',
  date: 'an instant',
};

function fits(value: JsonValue, type: AttributeDeclaration['type']): boolean {
  if (type === 'semver') return typeof value === 'string' && parseVersion(value) !== undefined;
  if (type === 'date') return parseInstant(value) !== undefined;
  return typeof value === type;
}

function isMapping(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
