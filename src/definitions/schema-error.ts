// What a JSON Schema validator says about one place of a value.
import type { JsonValue } from '../lib/json.ts';

/** One error of the validator. `branches` are the alternatives of a `oneOf` of object types. */
export interface SchemaError {
  keyword: string;
  schemaPath: string;
  path: string[];
  params: Record<string, unknown>;
  schema: unknown;
  parentSchema: Record<string, unknown>;
  value: JsonValue;
  propertyName?: string;
  branches?: Branch[];
}

export interface Branch {
  title: string;
  properties: string[];
}
