// Where an app's code names flags: keys between quotes, and the calls that read a flag.

export interface FlagCall {
  key: string;
  /** Counts from 1. */
  line: number;
}

export interface CodeReferences {
  /** Those of the known keys that stand between quotes. */
  named: Set<string>;
  /** Calls that read a flag by a literal key, known or not. */
  calls: FlagCall[];
}

/** A key between quotes of one kind, or at the end of an evaluate call's path. Keys hold neither quotes nor spaces. */
const NAMED = /(?:(["'`])|evaluate\/(?:flags\/)?)([a-z0-9][a-z0-9._-]{0,99})(?:\1|["'`?])/g;

const TYPE = '(?:Boolean|String|Number|Integer|Int|Float|Double|Object|Struct(?:ure)?)';

/**
 * The evaluation calls of OpenFeature's SDKs: `getBooleanValue('key'`, `get_string_details("key"`, `BooleanValue(ctx, "key"`,
 * `GetIntegerValueAsync("key"`, `useBooleanFlagValue('key'`, `useFlag('key'`. Go's methods alone have no verb, and a context first.
 */
const WITH_VERB = `(?:get|use)_?${TYPE}_?(?:Flag_?)?(?:Value|Details)(?:_?Async)?|useFlag|useSuspenseFlag`;
const WITHOUT_VERB = `${TYPE}Value(?:Details)?`;
const GENERICS = String.raw`\s*(?:<[^<>()]{0,100}>)?\s*\(\s*`;
const CONTEXT = String.raw`[\w.]{1,50}(?:\(\))?\s*,\s*`;
const KEY = '(?<quote>["\'`])(?<key>[^"\'`\\s$]{1,200})\\k<quote>';

/** `wrappers` are names of an app's own functions that take a flag's key as their first text. */
export function referencesIn(
  text: string,
  known: ReadonlySet<string>,
  wrappers: readonly string[] = [],
): CodeReferences {
  const named = new Set<string>();
  for (const [, , key = ''] of text.matchAll(NAMED)) if (known.has(key)) named.add(key);
  const calls: FlagCall[] = [];
  for (const match of text.matchAll(callPattern(wrappers))) {
    const key = match.groups?.key ?? '';
    calls.push({ key, line: lineAt(text, match.index + match[0].length) });
  }
  return { named, calls };
}

function callPattern(wrappers: readonly string[]): RegExp {
  const names = [WITH_VERB, ...wrappers.map((name) => name.replace(/[^\w$]/g, '\\$&'))].join('|');
  const calls = `(?:(?:${names})${GENERICS}(?:${CONTEXT})?|${WITHOUT_VERB}${GENERICS}${CONTEXT})`;
  return new RegExp(String.raw`(?<![\w$])${calls}${KEY}`, 'gi');
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
