// The flag manifest of the OpenFeature CLI, which generates typed accessors for other languages.

import { offOf, variationsOf } from '../../definitions/checks/walk.ts';
import type { JsonValue } from '../../lib/json.ts';
import type { Definitions } from '../../model/definition.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';

export interface FlagManifest {
  $schema: string;
  flags: { [key: string]: ManifestFlag };
}

export interface ManifestFlag {
  flagType: 'boolean' | 'string' | 'integer' | 'float' | 'object';
  /** What an app uses when it gets no answer: the `off` variation's value, else the first one's. */
  defaultValue: JsonValue;
  description?: string;
}

const SCHEMA =
  'https://raw.githubusercontent.com/open-feature/cli/refs/heads/main/schema/v0/flag-manifest.json';

export function flagManifest({ all }: Definitions): FlagManifest {
  const flags = all.flatMap(({ kind, key, body }) =>
    kind === 'flag' ? [[key, manifestFlag(body as FlagDefinition)] as const] : [],
  );
  return { $schema: SCHEMA, flags: Object.fromEntries(flags) };
}

function manifestFlag(flag: FlagDefinition): ManifestFlag {
  const variations = variationsOf(flag) as { [name: string]: JsonValue };
  const off = offOf(flag);
  const values = Object.values(variations);
  const defaultValue = (off === undefined ? values[0] : variations[off]) ?? false;
  return {
    flagType: flag.type === 'number' ? numberType(values) : flag.type === 'json' ? 'object' : flag.type,
    defaultValue,
    ...(flag.description !== undefined && { description: flag.description }),
  };
}

function numberType(values: readonly JsonValue[]): 'integer' | 'float' {
  return values.every(Number.isSafeInteger) ? 'integer' : 'float';
}
