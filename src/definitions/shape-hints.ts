// What to do about a value that does not have the shape of a definition.
import type { JsonValue } from '../lib/json.ts';
import type { Path } from './finding.ts';

/** For a value that is none of the expected JSON types. */
export function hintForType(expected: string[], value: JsonValue, path: Path): string {
  if (value === null) return 'Write a value, or remove it. Quote it, if the text `null` or `~` is meant.';
  if (expected.includes('string') && isInstant(path))
    return 'Write a day, a time and a zone, such as 2026-12-01T09:00:00Z.';
  if (expected.includes('string') && typeof value === 'number')
    return 'Quote it: without quotes YAML reads a number (and 4.10 as 4.1).';
  if (expected.includes('string') && typeof value === 'boolean') {
    return namesVariation(path)
      ? 'Name a variation, not its value: a boolean flag has `on` and `off`, unless it says otherwise.'
      : 'Quote it: without quotes YAML reads a boolean.';
  }
  if (expected.includes('array')) {
    return typeof value === 'object'
      ? 'Write it as a list: begin each item with `- `.'
      : 'Write it as a list: `[…]`.';
  }
  if (expected.includes('object')) return 'Write `key: value` under it.';
  if (typeof value !== 'string') return 'Write one value.';
  return expected.includes('boolean')
    ? 'Write `true` or `false`, without quotes: `yes` and `on` are texts in YAML 1.2.'
    : 'Write the number alone, without quotes or a percent sign.';
}

/** `from` of a slot is a number, so a text is not expected there. */
function isInstant(path: Path): boolean {
  return ['at', 'from', 'until'].includes(String(path.at(-1)));
}

function namesVariation(path: Path): boolean {
  const [holder, last] = [String(path.at(-2)), String(path.at(-1))];
  return (
    ['serve', 'off', 'variation', 'key', 'arm'].includes(last) || ['buckets', 'experiments'].includes(holder)
  );
}

/** What the schema says about the value. */
export function expectation({ description }: { description?: unknown }): string {
  return `Expected: ${firstSentence(String(description))}`;
}

export function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}
