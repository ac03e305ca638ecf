// The rows that a commit's definitions want, with the emergency overrides that stand carried along.
import { environmentDefinitions } from '../definitions/environments.ts';
import { canonical, sha256Hex } from '../lib/json.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import type { FlagBody } from '../model/snapshot.ts';
import { rowId, type WantedRow } from './row.ts';

/** Definitions that did not change from one commit to the next are the same objects: each is written out once. */
const texts = new WeakMap<object, { text: string; digest: string }>();

/** Emergency overrides that stand, by the row of their flag. */
export type Overrides = ReadonlyMap<string, NonNullable<FlagBody['override']>>;

/**
 * One row for each definition, and one for each definition in each environment that needs it. With `only`, just the rows
 * of these definitions.
 */
export function wantedRows(
  definitions: Definitions,
  overrides: Overrides = new Map(),
  only?: ReadonlySet<Definition>,
): WantedRow[] {
  const wanted = only ? definitions.all.filter((definition) => only.has(definition)) : definitions.all;
  const rows: WantedRow[] = wanted.map((definition) => {
    const { kind, key, path, body } = definition;
    return { kind, key, path, body, ...textOf(definition) };
  });
  for (const [environment, bodies] of environmentDefinitions(definitions, only)) {
    for (const { kind, key, body, digest, text } of bodies) {
      const override = overrides.get(rowId({ kind, key, environment }));
      const row = { kind, key, environment };
      rows.push(override ? { ...row, ...written({ ...body, override }) } : { ...row, body, digest, text });
    }
  }
  return rows;
}

function textOf({ body }: Definition): { text: string; digest: string } {
  const known = texts.get(body) ?? written(body);
  texts.set(body, known);
  return { text: known.text, digest: known.digest };
}

function written(body: object): Pick<WantedRow, 'body' | 'text' | 'digest'> {
  const text = canonical(body);
  return { body, text, digest: sha256Hex(text) };
}
