// The words for one error of the validator: what is wrong with which thing, what was expected, what to do.
import type { JsonValue } from '../lib/json.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { Finding, Path } from './finding.ts';
import type { SchemaError } from './schema-error.ts';
import { hintFor } from './suggest.ts';

type Words = (what: string, error: SchemaError) => Finding | undefined;

/** By JSON Schema keyword. A keyword that only repeats what another one says has no words. */
const words: { readonly [keyword: string]: Words } = {
  additionalProperties(what, { path, params, parentSchema }) {
    const key = String(params.additionalProperty);
    const known = Object.keys((parentSchema.properties ?? {}) as object);
    const owner = nameOf(path, `a ${what}`);
    const hint = hintFor(key, known, 'Known keys');
    return {
      code: 'unknown-key',
      path: [...path, key],
      on: 'key',
      message: `${ticked(key)} is not a key of ${owner}.`,
      ...(hint && { hint }),
    };
  },
  required(what, { path, params }) {
    const key = ticked(String(params.missingProperty));
    const owner = nameOf(path, `The ${what}`);
    return { code: 'missing-key', path, message: `${owner} has no ${key}, which it needs.` };
  },
  dependentRequired(_, { path, params }) {
    const key = String(params.property);
    const message = `${ticked(key)} needs ${ticked(String(params.missingProperty))} beside it.`;
    return { code: 'missing-key', path: [...path, key], on: 'key', message };
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
    const hint = hintForType(types, value);
    return {
      code: 'wrong-type',
      path,
      message: `${nameOf(path)} is ${found(value)}: expected ${expected}.`,
      ...(hint && { hint }),
    };
  },
  enum(_, { path, params, value }) {
    const allowed = (params.allowedValues as unknown[]).map(String);
    const shown = typeof value === 'string' ? ticked(value) : found(value);
    const hint =
      typeof value === 'string'
        ? hintFor(value, allowed, 'Allowed are')
        : `Allowed are: ${allowed.map(ticked).join(', ')}.`;
    return {
      code: 'wrong-value',
      path,
      message: `${nameOf(path)} is ${shown}, which is not among the allowed values.`,
      ...(hint && { hint }),
    };
  },
  const(_, { path, params }) {
    const message = `${nameOf(path)} can only be ${ticked(String(params.allowedValue))}.`;
    return { code: 'wrong-value', path, message, hint: 'Leave it out where it does not hold.' };
  },
  pattern(_, { path, parentSchema, propertyName, value }) {
    const key = propertyName ?? (typeof value === 'string' ? value : '');
    const hint = `Expected: ${firstSentence(String(parentSchema.description))}`;
    if (propertyName !== undefined) {
      return {
        code: 'invalid-key',
        path: [...path, key],
        on: 'key',
        message: `${ticked(key)} is not a well-formed key.`,
        hint,
      };
    }
    const code = DATE.test(hint) ? 'invalid-date' : 'invalid-key';
    return {
      code,
      path,
      message: `${nameOf(path)} is ${ticked(key)}, which does not have the expected form.`,
      hint,
    };
  },
  minLength: (_, { path, propertyName }) =>
    propertyName === undefined
      ? { code: 'wrong-value', path, message: `${nameOf(path)} is an empty text.` }
      : { code: 'invalid-key', path: [...path, propertyName], on: 'key', message: 'A key is an empty text.' },
  maxLength: (_, { path, params }) => ({
    code: 'wrong-value',
    path,
    message: `${nameOf(path)} is longer than ${params.limit} characters.`,
  }),
  minItems: (_, { path }) => ({
    code: 'wrong-value',
    path,
    message: `${nameOf(path)} is an empty list: expected at least one item.`,
  }),
  minProperties: (_, { path }) => ({
    code: 'wrong-value',
    path,
    message: `${nameOf(path)} is empty: expected at least one key.`,
  }),
  maxProperties: (_, { path, params }) => ({
    code: 'wrong-value',
    path,
    message: `${nameOf(path)} has more than ${params.limit} keys.`,
  }),
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

function outOfRange(comparison: string): Words {
  return (_, { path, params }) => ({
    code: 'wrong-value',
    path,
    message: `${nameOf(path)} is out of range: expected ${comparison} ${Number(params.limit).toLocaleString('en')}.`,
  });
}

const DATE = /YYYY-MM-DD/;

const TYPES: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'a boolean',
  object: 'a mapping (`key: value`)',
  array: 'a list',
  null: 'null',
};

function hintForType(expected: string[], value: JsonValue): string | undefined {
  if (expected.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    return `Quote it: without quotes YAML reads ${typeof value === 'number' ? 'a number (and 4.10 as 4.1)' : 'a boolean'}.`;
  }
  if (expected.includes('array') && value !== null && typeof value !== 'object')
    return 'Write it as a list: `[…]`.';
  if (value === null) return 'Write a value, or remove it.';
  return undefined;
}

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

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}

export function listed(names: readonly string[], conjunction: 'and' | 'or' | 'nor'): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}
