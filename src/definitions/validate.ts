// The one door to ajv: compiles the schemas of schemas/ and tells everything about a value that they refuse.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import access from '../../schemas/access.schema.json' with { type: 'json' };
import common from '../../schemas/common.schema.json' with { type: 'json' };
import experiment from '../../schemas/experiment.schema.json' with { type: 'json' };
import flag from '../../schemas/flag.schema.json' with { type: 'json' };
import metric from '../../schemas/metric.schema.json' with { type: 'json' };
import project from '../../schemas/project.schema.json' with { type: 'json' };
import segment from '../../schemas/segment.schema.json' with { type: 'json' };
import test from '../../schemas/test.schema.json' with { type: 'json' };
import type { JsonValue } from '../lib/json.ts';
import type { DefinitionByKind } from '../model/definitions.gen.ts';
import type { Finding } from './finding.ts';
import type { Branch, SchemaError } from './schema-error.ts';
import { shapeFindings } from './shape.ts';

const schemas = { project, access, flag, segment, experiment, metric, test };

type Kind = keyof DefinitionByKind;

let ajv: Ajv2020 | undefined;
const compiled = new Map<Kind, ValidateFunction>();

/** Compiling takes hundredths of a second each, so it waits until one is read. */
function validatorOf(kind: Kind): ValidateFunction {
  const known = compiled.get(kind);
  if (known) return known;
  ajv ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    // A test has asked whether the schemas are valid. To ask again, each start would compile the schema of schemas.
    validateSchema: false,
    // For editors. The checks tell more about an instant than that it is none.
    formats: { 'date-time': true },
    code: { process: withoutCopies },
    schemas: [common],
  });
  const validator = ajv.compile(schemas[kind]);
  compiled.set(kind, validator);
  return validator;
}

/** Everything that the schema of this kind refuses about the value. Empty: the value has the shape of the kind's type. */
export function validate(kind: Kind, value: JsonValue): Finding[] {
  const check = validatorOf(kind);
  return check(value) ? [] : shapeFindings(kind, (check.errors ?? []).map(schemaError));
}

/** Where a validator calls another one, and takes over its errors. */
const TAKES_OVER = /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);/g;

/** The validator's code, in which errors are appended: copied with each item of a list, their time was quadratic. */
function withoutCopies(code: string): string {
  const append =
    'if (vErrors === null) vErrors = $1.errors; else for (const error of $1.errors) vErrors.push(error);';
  return code.replace(TAKES_OVER, append);
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
