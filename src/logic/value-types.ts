// The values that an attribute of a declared type can have.
import { parseInstant } from '../engine/operands/instant.ts';
import { parseVersion } from '../engine/operands/version.ts';
import type { AttributeDeclaration } from '../model/definitions.gen.ts';

export const isOfType: Readonly<Record<AttributeDeclaration['type'], (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  semver: (value) => typeof value === 'string' && parseVersion(value) !== undefined,
  date: (value) => parseInstant(value) !== undefined,
};
