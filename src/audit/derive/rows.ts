// What a commit's definitions put in the database: each as it was written, and what each environment needs of it. Pure.
import { environmentDefinitions } from '../../definitions/environments.ts';
import { canonical, sha256Hex } from '../../lib/json.ts';
import type { Definitions } from '../../model/definition.ts';
import type { FlagBody } from '../../model/snapshot.ts';

/** A row with its body. One without an environment is a definition as it was written, and has the path of its file. */
export interface DerivedRow {
  kind: string;
  key: string;
  environment?: string;
  path?: string;
  digest: string;
  body: object;
}

export type Override = NonNullable<FlagBody['override']>;

/** Names a row. The names sort as the audit sorts changes: by kind, key and environment, none first. */
export function nameOf(row: { kind: string; key: string; environment?: string | undefined }): string {
  return `${row.kind}\0${row.key}\0${row.environment ?? ''}`;
}

/** The digests of bodies that were seen; what did not change from one commit to the next is the same object. */
const digests = new WeakMap<object, string>();

export function digestOf(body: object): string {
  const known = digests.get(body);
  if (known !== undefined) return known;
  const digest = sha256Hex(canonical(body));
  digests.set(body, digest);
  return digest;
}

/** Every row, by its name. `overrides` are those that stand, by the name of their flag's row: such a row carries its own. */
export function rowsOf(
  definitions: Definitions,
  overrides: ReadonlyMap<string, Override>,
): Map<string, DerivedRow> {
  const rows = new Map<string, DerivedRow>();
  for (const { kind, key, path, body } of definitions.all) {
    rows.set(nameOf({ kind, key }), { kind, key, path, body, digest: digestOf(body) });
  }
  for (const [environment, served] of environmentDefinitions(definitions)) {
    for (const { kind, key, body, digest } of served) {
      const name = nameOf({ kind, key, environment });
      const override = overrides.get(name);
      const whole = override ? { ...body, override } : body;
      const row = { kind, key, environment, body: whole, digest: override ? digestOf(whole) : digest };
      rows.set(name, row);
    }
  }
  return rows;
}
