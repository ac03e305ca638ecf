// A condition as an example for authors: of an attribute that the project has.
import type { AttributeDeclaration, ProjectDefinition } from '../../model/definitions.gen.ts';
import { scalarText } from '../scalar-text.ts';

type Declared = [name: string, declaration: AttributeDeclaration];

/** In braces, and well-typed where the project declares attributes. */
export function exampleCondition({ attributes }: ProjectDefinition): string {
  const declared: Declared[] = Object.entries(attributes ?? {});
  const withValues = declared.find(([, { values }]) => values);
  const [name, declaration] = withValues ?? declared[0] ?? (attributes ? ALWAYS_DECLARED : UNDECLARED);
  const attribute = scalarText(name, true);
  return `{ attribute: ${attribute}, operator: ${test(declaration)} }`;
}

const ALWAYS_DECLARED: Declared = ['targetingKey', { type: 'string' }];
const UNDECLARED: Declared = ['country', { type: 'string', values: ['US'] }];

function test({ type, values: [value] = [] }: AttributeDeclaration): string {
  if (value !== undefined && type !== 'semver' && type !== 'date')
    return `eq, value: ${scalarText(value, true)}`;
  switch (type) {
    case 'string':
      return 'starts_with, value: a';
    case 'number':
      return 'gte, value: 10';
    case 'boolean':
      return 'eq, value: true';
    case 'semver':
      return 'semver_gte, value: "1.0.0"';
    case 'date':
      return 'after, value: 2026-01-01T00:00:00Z';
  }
}
