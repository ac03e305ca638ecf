// The fields of an access policy, as a patch names them: who may what, person by person and rule by rule.
import type { JsonValue } from '../lib/json.ts';
import { sha256Hex } from '../lib/json.ts';
import { type Field, field, hidden, sorted } from './fields.ts';

type Members = { readonly [name: string]: JsonValue };

/** Keys are shown by their fingerprints; people's addresses are personal. */
export function* accessFields(name: string, value: JsonValue): Generator<Field> {
  switch (name) {
    case 'people':
      for (const [person, members] of sorted(value as { [name: string]: Members }))
        yield* memberFields(`person ${person}`, members);
      return;
    case 'rules':
      for (const [index, rule] of (value as Members[]).entries())
        yield* memberFields(`rule ${index + 1}`, rule);
      return;
    case 'trust':
      for (const { key, vouches } of value as { key: string; vouches: string }[])
        yield field('', `trust ${key}`, vouches);
      return;
    case 'openpgp':
      for (const [index, key] of (value as string[]).entries()) yield publicKey(index, key);
      return;
    default:
      yield field('', name, value);
  }
}

function* memberFields(at: string, members: Members): Generator<Field> {
  for (const [name, value] of sorted(members))
    yield name === 'emails' ? hidden(at, name, value) : field(at, name, value);
}

/** Armored, it would be long, and hold its owner's address. */
function publicKey(index: number, armored: string): Field {
  return { at: '', name: `openpgp ${index + 1}`, text: `sha256:${sha256Hex(armored)}`, value: armored };
}
