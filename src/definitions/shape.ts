// From all that a JSON Schema validator says to the little that an author needs: the best branch only, one finding a fault.
import { ticked } from '../lib/printable.ts';
import type { Finding } from './finding.ts';
import type { Branch, SchemaError } from './schema-error.ts';
import { found, listed, nameOf, wordsFor } from './shape-words.ts';
import { hintFor } from './suggest.ts';

/** `what` is the kind of definition, for the wording. */
export function shapeFindings(what: string, errors: readonly SchemaError[]): Finding[] {
  const byPlace = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const place = error.path.join('\n');
    const there = byPlace.get(place);
    if (there) there.push(error);
    else byPlace.set(place, [error]);
  }
  return [...byPlace.values()].flatMap((there) => findingsAt(what, there));
}

/** One finding a fault: a rule may stand twice in a schema, beside a reference and behind it. */
function findingsAt(what: string, errors: SchemaError[]): Finding[] {
  const byMessage = new Map<string, Finding>();
  let rest = errors;
  for (const error of errors) {
    if (error.keyword !== 'oneOf') continue;
    const choice = choose(what, error);
    for (const finding of choice.findings) byMessage.set(finding.message, finding);
    rest = rest.filter((other) => other !== error && choice.keeps(other));
  }
  // Who writes something else than what is listed need not hear which other form there is.
  const isListed = rest.some(({ keyword }) => keyword === 'enum');
  for (const error of rest) {
    if (isListed && error.keyword === 'pattern') continue;
    const finding = wordsFor(what, error);
    if (finding) byMessage.set(finding.message, finding);
  }
  return [...byMessage.values()];
}

/** What a failed `oneOf` comes to: findings of its own, and which other errors at the same place are worth keeping. */
interface Choice {
  findings: Finding[];
  keeps: (other: SchemaError) => boolean;
}

function choose(what: string, error: SchemaError): Choice {
  if (error.branches) return chooseBranch(error, error.branches);
  const alternatives = error.schema as { required?: [string] }[];
  if (alternatives.every(({ required }) => required)) {
    return chooseKey(
      what,
      error,
      alternatives.flatMap(({ required }) => required ?? []),
    );
  }
  return chooseScalarOrList(error);
}

/** The branch that the keys which are there belong to. */
function chooseBranch(error: SchemaError, branches: Branch[]): Choice {
  const none = (finding: Finding): Choice => ({ findings: [finding], keeps: () => false });
  const { value, path } = error;
  const expected = `expected ${listed(
    branches.map(({ properties }) => `\`${properties[0]}\``),
    'or',
  )}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `${nameOf(path)} is ${found(value)}: ${expected} with what belongs to it.`;
    return none({
      code: 'wrong-type',
      path,
      message,
      hint: 'Write a mapping that begins with one of these keys.',
    });
  }
  const keys = Object.keys(value);
  const fitting = branches.filter(({ properties }) => keys.some((key) => properties.includes(key)));
  const [only, another] = fitting;
  if (only && !another)
    return { findings: [], keeps: ({ parentSchema }) => parentSchema.title === only.title };
  if (only && another) {
    const [first, second] = keys.filter((key) => fitting.some(({ properties }) => properties.includes(key)));
    const beside = keys.find((key) => another.properties.includes(key)) ?? second ?? '';
    const other = keys.find((key) => only.properties.includes(key)) ?? first ?? '';
    const message = `${ticked(beside)} stands beside ${ticked(other)}: ${expected}, one of them alone.`;
    return none({
      code: 'conflicting-keys',
      path: [...path, beside],
      on: 'key',
      message,
      hint: 'Keep one of the two.',
    });
  }
  const [key] = keys;
  if (key === undefined)
    return none({
      code: 'missing-key',
      path,
      message: `${nameOf(path)} is empty: ${expected}.`,
      hint: 'Add one of them.',
    });
  const known = branches.flatMap(({ properties }) => properties);
  return none({
    code: 'unknown-key',
    path: [...path, key],
    on: 'key',
    message: `${ticked(key)} is not known here: ${expected}.`,
    hint: hintFor(key, known, 'Remove it.', 'Known keys'),
  });
}

/** Exactly one of some keys. */
function chooseKey(what: string, error: SchemaError, keys: string[]): Choice {
  const keeps = ({ schemaPath }: SchemaError) => !/\/oneOf\/\d+\/required$/.test(schemaPath);
  const either = listed(keys.map(ticked), 'or');
  const present = keys.filter((key) => Object.hasOwn(error.value as object, key));
  const last = present.at(-1);
  if (last === undefined) {
    const message = `${nameOf(error.path, `The ${what}`)} has neither ${listed(keys.map(ticked), 'nor')}: expected one of the two.`;
    return {
      findings: [{ code: 'missing-key', path: error.path, message, hint: 'Add one of the two.' }],
      keeps,
    };
  }
  const message = `${listed(present.map(ticked), 'and')} exclude each other: expected ${either}.`;
  return {
    findings: [
      {
        code: 'conflicting-keys',
        path: [...error.path, last],
        on: 'key',
        message,
        hint: 'Remove one of the two.',
      },
    ],
    keeps,
  };
}

function chooseScalarOrList({ value, path }: SchemaError): Choice {
  if (Array.isArray(value))
    return { findings: [], keeps: ({ keyword }) => keyword !== 'type' && keyword !== 'enum' };
  // A text is a scalar, so there is a list of those that are allowed, and it is on none.
  if (typeof value === 'string') return { findings: [], keeps: ({ keyword }) => keyword === 'enum' };
  const message = `${nameOf(path)} is ${found(value)}: expected a text, a number, a boolean or a list of them.`;
  const hint = 'Write one value, or a list of them: `[a, b]`.';
  return { findings: [{ code: 'wrong-type', path, message, hint }], keeps: () => false };
}
