// The attributes that imported definitions use, with the types that their conditions ask for.
import type { AttributeCondition, AttributeDeclaration, Condition } from '../model/definitions.gen.ts';
import type { ImportedDefinition } from './imported.ts';

type AttributeType = AttributeDeclaration['type'];

/** `conflict` names an attribute that conditions use as if it had two types. */
export type InferredAttributes =
  | { attributes: { [name: string]: AttributeDeclaration } }
  | { conflict: string; types: AttributeType[] };

/** Everything that conditions and units name, but `targetingKey`. What is only asked for presence is taken for a text. `lists` are those that hold lists. */
export function inferAttributes(
  definitions: readonly ImportedDefinition[],
  lists: ReadonlySet<string> = new Set(),
): InferredAttributes {
  const typesByName = new Map<string, Set<AttributeType>>();
  const note = (name: string, type?: AttributeType) => {
    const types = typesByName.get(name) ?? new Set();
    if (type) types.add(type);
    typesByName.set(name, types);
  };
  for (const definition of definitions) {
    for (const condition of conditionsOf(definition))
      walk(condition, (test) => note(test.attribute, typeAskedFor(test)));
    if (definition.value.unit !== undefined) note(definition.value.unit);
  }
  const attributes: [string, AttributeDeclaration][] = [];
  for (const [name, types] of [...typesByName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === 'targetingKey') types.add('string');
    const [type = 'string', ...others] = types;
    if (others.length > 0) return { conflict: name, types: [...types] };
    if (name !== 'targetingKey') attributes.push([name, { type, ...(lists.has(name) && { list: true }) }]);
  }
  return { attributes: Object.fromEntries(attributes) };
}

function conditionsOf(definition: ImportedDefinition): Condition[] {
  if (definition.kind === 'experiment') return [];
  if (definition.kind === 'segment') return definition.value.if ? [definition.value.if] : [];
  const rules = Object.values(definition.value.environments ?? {}).flatMap(({ rules }) => rules ?? []);
  return rules.flatMap((rule) => (rule.if ? [rule.if] : []));
}

function walk(condition: Condition, visit: (test: AttributeCondition) => void): void {
  if ('attribute' in condition) visit(condition);
  else if ('not' in condition) walk(condition.not, visit);
  else if ('and' in condition) for (const child of condition.and) walk(child, visit);
  else if ('or' in condition) for (const child of condition.or) walk(child, visit);
}

/** Undefined where the test says nothing about the type. A list of values has the type of its first. */
function typeAskedFor({ operator, value }: AttributeCondition): AttributeType | undefined {
  if (operator === 'exists') return undefined;
  if (operator.startsWith('semver_')) return 'semver';
  if (operator === 'before' || operator === 'after') return 'date';
  if (operator === 'gt' || operator === 'gte' || operator === 'lt' || operator === 'lte') return 'number';
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === 'number' ? 'number' : typeof first === 'boolean' ? 'boolean' : 'string';
}
