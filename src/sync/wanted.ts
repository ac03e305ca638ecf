// The rows that a commit's definitions want, with the emergency overrides that stand carried along.
import { environmentDefinitions } from '../definitions/environments.ts';
import { canonical, sha256Hex } from '../lib/json.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import { bodyDigest } from '../model/snapshot.ts';
import type { Applied } from './applied.ts';
import { rowId, type WantedRow } from './row.ts';

/** Definitions that did not change from one commit to the next are the same objects: each is hashed once. */
const digests = new WeakMap<object, string>();

/** One row for each definition, and one for each definition in each environment that needs it. */
export function wantedRows(definitions: Definitions, overrides: Applied['overrides']): WantedRow[] {
  const rows: WantedRow[] = definitions.all.map((definition) => ({
    kind: definition.kind,
    key: definition.key,
    path: definition.path,
    digest: digestOf(definition),
    body: definition.body,
  }));
  for (const [environment, bodies] of environmentDefinitions(definitions)) {
    for (const { kind, key, body, digest } of bodies) {
      const override = overrides.get(rowId({ kind, key, environment }));
      if (!override) rows.push({ kind, key, environment, digest, body });
      else rows.push(withOverride({ kind, key, environment, body: { ...body, override } }));
    }
  }
  return rows;
}

function withOverride(row: Omit<WantedRow, 'digest'>): WantedRow {
  return { ...row, digest: bodyDigest(row.body) };
}

function digestOf({ body }: Definition): string {
  const known = digests.get(body);
  if (known !== undefined) return known;
  const digest = sha256Hex(canonical(body));
  digests.set(body, digest);
  return digest;
}
