// The words for one error of the validator: what is wrong with which thing, what was expected, what to do.
import type { JsonValue } from '../lib/json.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { Finding, Path } from './finding.ts';
import type { SchemaError } from './schema-error.ts';
import { expectation, firstSentence, hintForType } from './shape-hints.ts';
import { hintFor } from './suggest.ts';

type Words = (what: string, error: SchemaError) => Finding | undefined;

/** By JSON Schema keyword. A keyword that only repeats what another one says has no words. */
const words: { readonly [keyword: string]: Words } = {
  additionalProperties(what, { path, params, parentSchema, value }) {
    const key = String(params.additionalProperty);
    // Nobody means one that is there already.
    const missing = Object.keys((parentSchema.properties ?? {}) as object).filter(
      (name) => !Object.hasOwn(value as object, name),
    );
    const owner = nameOf(path, `a ${what}`);
    const hint = hintFor(key, missing, 'Remove it.', 'Other keys');
    return {
      code: 'unknown-key',
      path: [...path, key],
      on: 'key',
      message: `${ticked(key)} is not a key of ${owner}.`,
      hint,
    };
  },
  required(what, { path, params, parentSchema }) {
    const key = String(params.missingProperty);
    const properties = (parentSchema.properties ?? {}) as { [key: string]: { description?: string } };
    const description = properties[key]?.description ?? '';
    const message = `${nameOf(path, `The ${what}`)} has no ${ticked(key)}, which it needs.`;
    return {
      code: 'missing-key',
      path,
      message,
      hint: `Add \`${key}:\`. ${firstSentence(description)}`.trim(),
    };
  },
  dependentRequired(_, { path, params }) {
    const key = String(params.property);
    const missing = String(params.missingProperty);
    const message = `${ticked(key)} needs ${ticked(missing)} beside it.`;
    const hint = `Add \`${missing}:\`, or remove ${ticked(key)}.`;
    return { code: 'missing-key', path: [...path, key], on: 'key', message, hint };
  },
  not(_, { path, schema, value }) {
    // Vacuously true of what is no mapping, which another error says.
    if (typeof value !== 'object' || value === null) return undefined;
    const keys = (schema as { required?: string[] }).required ?? [];
    const last = Object.keys(value).findLast((key) => keys.includes(key)) ?? '';
    const message = `${listed(keys.map(ticked), 'and')} exclude each other: expected one of them.`;
    return {
      code: 'conflicting-keys',
      path: [...path, last],
      on: 'key',
      message,
      hint: 'Remove one of the two.',
    };
  },
  'false schema'(what, { path }) {
    const message = `${nameOf(path)} does not belong to a ${what} of this type.`;
    return { code: 'conflicting-keys', path, on: 'key', message, hint: 'Remove it, or change `type`.' };
  },
  type(_, { path, params, value }) {
    const types = [params.type].flat() as string[];
    const expected = listed(
      types.map((type) => TYPES[type] ?? type),
      'or',
    );
    return {
      code: 'wrong-type',
      path,
      message: `${nameOf(path)} is ${found(value)}: expected ${expected}.`,
      hint: hintForType(types, value, path),
    };
  },
  enum(_, { path, params, value }) {
    const allowed = (params.allowedValues as unknown[]).map(String);
    const shown = typeof value === 'string' ? ticked(value) : found(value);
    const hint =
      typeof value === 'string'
        ? hintFor(value, allowed, 'Write an allowed one.', 'Allowed are')
        : `Allowed are: ${allowed.map(ticked).join(', ')}.`;
    return {
      code: 'wrong-value',
      path,
      message: `${nameOf(path)} is ${shown}, which is not among the allowed values.`,
      hint,
    };
  },
  const(_, { path, params }) {
    const only = ticked(String(params.allowedValue));
    const hint = params.allowedValue === true ? 'Leave it out where it does not hold.' : `Write ${only}.`;
    return { code: 'wrong-value', path, message: `${nameOf(path)} can only be ${only}.`, hint };
  },
  pattern(_, { path, params, parentSchema, propertyName, value }) {
    const key = propertyName ?? (typeof value === 'string' ? value : '');
    const hint = expectation(parentSchema);
    if (propertyName !== undefined) {
      return {
        code: 'invalid-key',
        path: [...path, key],
        on: 'key',
        message: `${ticked(key)} is not a well-formed key.`,
        hint,
      };
    }
    const isKey = KEY.test(String(params.pattern));
    // People's addresses are personal.
    const shown = path.at(-2) === 'emails' ? 'a text' : ticked(key);
    const code = DATE.test(hint) ? 'invalid-date' : isKey ? 'invalid-key' : 'wrong-value';
    return {
      code,
      path,
      message: `${nameOf(path)} is ${shown}, which does not have the expected form.`,
      hint,
    };
  },
  minLength: (_, { path, propertyName }) =>
    propertyName === undefined
      ? { code: 'wrong-value', path, message: `${nameOf(path)} is an empty text.`, hint: 'Write a text.' }
      : {
          code: 'invalid-key',
          path: [...path, propertyName],
          on: 'key',
          message: 'A key is an empty text.',
          hint: 'Give it a name.',
        },
  maxLength: wrongSize((name, limit) => `${name} is longer than ${limit} characters.`, 'Shorten it.'),
  minItems: wrongSize((name) => `${name} is an empty list: expected at least one item.`, 'Add an item.'),
  minProperties: wrongSize((name) => `${name} is empty: expected at least one key.`, 'Add a key.'),
  maxProperties: wrongSize((name, limit) => `${name} has more than ${limit} keys.`, 'Remove some.'),
  uniqueItems: (_, { path, params }) => ({
    code: 'wrong-value',
    path: [...path, Math.max(Number(params.i), Number(params.j))],
    message: `${nameOf(path)} lists the same item twice.`,
    hint: 'Keep one of the two.',
  }),
  minimum: outOfRange('at least'),
  maximum: outOfRange('at most'),
  exclusiveMinimum: outOfRange('more than'),
  exclusiveMaximum: outOfRange('less than'),
};

/** Undefined for an error that only repeats what another one says. */
export function wordsFor(what: string, error: SchemaError): Finding | undefined {
  return words[error.keyword]?.(what, error);
}

function wrongSize(says: (name: string, limit: unknown) => string, hint: string): Words {
  return (_, { path, params }) => ({
    code: 'wrong-value',
    path,
    message: says(nameOf(path), params.limit),
    hint,
  });
}

function outOfRange(comparison: string): Words {
  return (_, { path, params, parentSchema }) => ({
    code: 'wrong-value',
    path,
    message: `${nameOf(path)} is out of range: expected ${comparison} ${Number(params.limit).toLocaleString('en')}.`,
    hint: parentSchema.description === undefined ? 'Write another number.' : expectation(parentSchema),
  });
}

const DATE = /YYYY-MM-DD/;
const KEY = /^\^\[a-z0-9\]/;

const TYPES: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'a boolean',
  object: 'a mapping (`key: value`)',
  array: 'a list',
  null: 'null',
};

/** What a value is, without saying it: it may be personal. */
export function found(value: JsonValue): string {
  if (value === null) return 'empty (null)';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'a text' : (TYPES[typeof value] ?? typeof value);
}

/** `rules[2]`: the last key, and indexes from 0 after it. */
export function nameOf(path: Path, root = 'The file'): string {
  const last = path.findLastIndex((step) => !/^\d+$/.test(String(step)));
  const key = path[last];
  if (key === undefined) return root;
  const indexes = path.slice(last + 1).map((step) => `[${step}]`);
  return `\`${printable(String(key))}${indexes.join('')}\``;
}

export function listed(names: readonly string[], conjunction: 'and' | 'or' | 'nor'): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}
