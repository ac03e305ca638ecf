// Another system's file as a plain value: JSON, or YAML as definitions are read. Bounded, and with the place of what is wrong.
import type { Fault } from '../definitions/finding.ts';
import { parse } from '../definitions/parse.ts';
import { lineAndColumn } from '../definitions/positions.ts';
import { limits } from '../definitions/source-file.ts';
import { UsageError } from '../lib/errors.ts';
import type { JsonValue } from '../lib/json.ts';
import { printable } from '../lib/printable.ts';
import { Untranslatable } from './untranslatable.ts';

export type JsonObject = { [key: string]: JsonValue };

/** Throws UsageError, with line and column, where the text is neither JSON nor YAML, or nested deeper than 64 levels. */
export function readForeign(marked: string): JsonValue {
  const text = marked.replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new UsageError('the file is empty');
  const value = /^\s*[[{]/.test(text) ? readJson(text) : readYaml(text);
  if (isDeeper(value, limits.nesting))
    throw new UsageError(`the file is nested more than ${limits.nesting} levels deep`);
  if (!JSON.stringify(value).isWellFormed() || /\\ud[89a-f]/i.test(JSON.stringify(value)))
    throw new UsageError('the file holds half of a character (a lone surrogate)');
  return value;
}

/** Throws UsageError where the value is no object. */
export function asFile(value: JsonValue, expected: string): JsonObject {
  if (isObject(value)) return value;
  throw new UsageError(`the file is not what was expected: ${expected}`);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member's value; undefined where there is none, or null. Own members alone. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

export function textMember(object: JsonObject, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The objects of a list; none where there is no list. Throws Untranslatable where it is no list of objects. */
export function objectsIn(value: JsonValue | undefined): JsonObject[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new Untranslatable('', `It has ${shown(value)} where a list of objects was expected.`);
}

/** The texts of a list; none where there is no list. Throws Untranslatable where it is no list of texts. */
export function textsIn(value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new Untranslatable('', `It has ${shown(value)} where a list of texts was expected.`);
}

function shown(value: JsonValue): string {
  return printable(JSON.stringify(value), 60);
}

function readJson(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { value, faults } = parse(new TextEncoder().encode(text));
    const [fault] = faults;
    // Braces may begin YAML too. For JSON alone its faults say the line, as V8 seldom does, but not past so many tokens.
    if (value !== undefined && !fault) return value;
    if (fault && fault.code !== 'too-many-tokens')
      throw new UsageError(placed(fault, text), { cause: error });
    throw new UsageError(`the file is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** More is read by nobody: it is about 10,000 flags. */
const MOST_TOKENS = 1_000_000;

/** Keys are texts whatever they look like, as they are to Go: `True: 20` is about the variation "True". */
function readYaml(text: string): JsonValue {
  const options = { keysAsText: true, mostTokens: MOST_TOKENS };
  const { value, faults } = parse(new TextEncoder().encode(text), options);
  const [fault] = faults;
  if (fault) throw new UsageError(placed(fault, text));
  return value ?? null;
}

function placed({ offset, message, hint }: Fault, text: string): string {
  const { line, column } = lineAndColumn(text, offset);
  return `line ${line}, column ${column}: ${message} ${hint}`;
}

/** Level by level and not recursively, since nothing bounds the depth of JSON. */
function isDeeper(value: JsonValue, most: number): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
