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

/** Lines that are comments as a whole, in the languages that OpenFeature has SDKs for. */
const COMMENT_LINE = /^[ \t]*(?:\/\/|#(?=[ #]|$)|\*(?=[ /]|$)|--(?= )).*$/gm;

/** A key between quotes of one kind, be they escaped, or in an evaluate call's path. Keys hold neither quotes nor spaces. */
const NAMED = /(["'`])([a-z0-9][a-z0-9._-]{0,99})\\?\1|evaluate\/(?:flags\/)?([a-z0-9][a-z0-9._-]{0,99})/g;

const TYPE = '(?:Bool(?:ean)?|String|Number|Integer|Int|Float|Double|Object|Struct(?:ure)?)';

/**
 * The parts of the evaluation calls of OpenFeature's SDKs: `getBooleanValue('key', …`, `get_string_details(flag_key="key", …`,
 * `GetIntegerValueAsync("key", …`, `useBooleanFlagValue('key', …`, `useFlag('key', …`. A default follows the key, which tells
 * them from the methods of other things. Go's alone have no verb, and a context first: `BooleanValue(ctx, "key", …`.
 */
const WITH_VERB = `(?:get|use|fetch)_?${TYPE}_?(?:Flag_?)?(?:Value|Details)(?:_?Async)?|useFlag|useSuspenseFlag`;
const OPEN = String.raw`\s*(?:(?:::)?<(?:[^<>()]|<[^<>()]{0,100}>){0,100}>\s*)?(?:\?\.)?\(\s*`;
const FIRST = String.raw`[\w.]{1,50}(?:\(\))?\s*,\s*`;
const CONTEXT = String.raw`[\w.]{0,50}(?:ctx|context)[\w.]{0,50}(?:\(\))?\s*,\s*`;
const NAME = String.raw`(?:(?:flag_?)?key\s*[:=]\s*)?`;
const KEY = '(?<quote>["\'`])(?<key>[^"\'`\\s$]{1,200})\\k<quote>';
const DEFAULT = String.raw`(?=\s*,)`;

/** `wrappers` are names of an app's own functions that take a flag's key as their first text. */
export function referencesIn(
  text: string,
  known: ReadonlySet<string>,
  wrappers: readonly string[] = [],
): CodeReferences {
  const code = text.replace(COMMENT_LINE, '');
  const named = new Set<string>();
  for (const [, , quoted, inPath] of code.matchAll(NAMED)) {
    const key = quoted ?? inPath ?? '';
    if (known.has(key)) named.add(key);
  }
  const calls = [...patterns, ...ownPattern(wrappers)].flatMap((pattern) => callsIn(code, pattern));
  return { named, calls: calls.sort((a, b) => a.line - b.line) };
}

const patterns = [
  call(`(?:${WITH_VERB})${OPEN}(?:${FIRST})?${NAME}${KEY}${DEFAULT}`),
  call(`${TYPE}Value(?:Details)?${OPEN}${FIRST}${KEY}${DEFAULT}`),
  call(`(?<=\\.)(?:Boolean|String|Float|Int|Object)${OPEN}${CONTEXT}${KEY}${DEFAULT}`),
  // React's `<FeatureFlag flagKey="key">`.
  call(String.raw`flagKey\s*=\s*(?:\{\s*)?${KEY}`),
];

function ownPattern(wrappers: readonly string[]): RegExp[] {
  const names = wrappers.map((name) => name.replace(/[^\w$]/g, '\\$&')).join('|');
  return names === '' ? [] : [call(`(?:${names})${OPEN}(?:${FIRST})?${NAME}${KEY}(?!\\s*[+.])`)];
}

function call(source: string): RegExp {
  return new RegExp(`(?<![\\w$])${source}`, 'gi');
}

function callsIn(code: string, pattern: RegExp): FlagCall[] {
  const calls: FlagCall[] = [];
  let line = 1;
  let newline = code.indexOf('\n');
  for (const match of code.matchAll(pattern)) {
    const end = match.index + match[0].length;
    for (; newline !== -1 && newline < end; newline = code.indexOf('\n', newline + 1)) line++;
    calls.push({ key: match.groups?.key ?? '', line });
  }
  return calls;
}
