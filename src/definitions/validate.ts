// Tells everything about a value that the schema of its kind refuses, as the validators find it that ajv made of schemas/.
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import common from '../../schemas/common.schema.json' with { type: 'json' };
import flag from '../../schemas/flag.schema.json' with { type: 'json' };
import type { JsonValue } from '../lib/json.ts';
import type { DefinitionByKind } from '../model/definitions.gen.ts';
import type { Finding } from './finding.ts';
import type { Branch, SchemaError } from './schema-error.ts';
import { shapeFindings } from './shape.ts';
import * as generated from './validators.gen.ts';

type Kind = keyof DefinitionByKind;

const validators = generated as unknown as Record<Kind, ValidateFunction>;

/** Everything that the schema of this kind refuses about the value. Empty: the value has the shape of the kind's type. */
export function validate(kind: Kind, value: JsonValue): Finding[] {
  const check = validators[kind];
  return check(value) ? [] : shapeFindings(kind, (check.errors ?? []).map(schemaError));
}

interface ObjectSchema {
  title?: string;
  properties?: object;
}

const shared = new Map<string, ObjectSchema>([
  ...Object.entries(common.$defs),
  ...Object.entries(flag.$defs),
] as [string, ObjectSchema][]);

/** The alternatives of a `oneOf` whose branches are all references to object types. */
function branchesOf(alternatives: { $ref?: string }[]): Branch[] | undefined {
  const branches = alternatives.flatMap(({ $ref }) => {
    const { title, properties } = shared.get($ref?.split('/').at(-1) ?? '') ?? {};
    return title && properties ? [{ title, properties: Object.keys(properties) }] : [];
  });
  return branches.length === alternatives.length ? branches : undefined;
}

function schemaError(error: ErrorObject): SchemaError {
  const branches = error.keyword === 'oneOf' ? branchesOf(error.schema as { $ref?: string }[]) : undefined;
  return {
    ...(branches && { branches }),
    keyword: error.keyword,
    schemaPath: error.schemaPath,
    path: pathOf(error.instancePath),
    params: error.params,
    schema: error.schema,
    parentSchema: error.parentSchema ?? {},
    value: error.data as JsonValue,
    ...(error.propertyName !== undefined && { propertyName: error.propertyName }),
  };
}

/** A JSON pointer (RFC 6901). List indexes become numbers by being looked up: both forms name the same item. */
function pathOf(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
