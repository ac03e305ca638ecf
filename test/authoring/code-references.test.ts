// Which flags a piece of code reads, in the languages of OpenFeature's SDKs.
import { expect, test } from 'vitest';
import { referencesIn } from '../../src/authoring/code-references.ts';

const KNOWN = new Set(['new-cart', 'banner']);

test.each([
  ["await client.getBooleanValue('gone', false)", 'gone'],
  ['client.getStringDetails<"a" | "b">("gone", "a")', 'gone'],
  ['const { value } = useBooleanFlagValue(`gone`, false);', 'gone'],
  ["const flag = useFlag('gone', false)", 'gone'],
  ['client.get_boolean_value("gone", False)', 'gone'],
  ['client.get_float_details(\n    "gone",\n    1.0)', 'gone'],
  ['v, err := client.BooleanValue(ctx, "gone", false, evalCtx)', 'gone'],
  ['client.IntValueDetails(context.Background(), "gone", 1, ec)', 'gone'],
  ['await client.GetIntegerValueAsync("gone", 1);', 'gone'],
  ['client.getObjectValue("gone", new Value())', 'gone'],
  ['client.get_bool_value("x").await; client.get_int_value("gone", &ctx)', 'gone'],
])('%s reads a flag', (code, key) => {
  expect(referencesIn(code, KNOWN).calls).toEqual([expect.objectContaining({ key })]);
});

test.each([
  ['new StringValue("hello")'],
  ['getBooleanValue(key, false)'],
  [`getBooleanValue(\`flag-\${name}\`, false)`],
  ['budgetBooleanValue("x")'],
  ['isEnabled("x")'],
])('%s reads no flag that is named', (code) => {
  expect(referencesIn(code, KNOWN).calls).toEqual([]);
});

test('an app’s own function counts where it is named', () => {
  const code = '\nif (flags.isEnabled("gone")) {}\nisEnabledX("other")';
  expect(referencesIn(code, KNOWN, ['isEnabled']).calls).toEqual([{ key: 'gone', line: 2 }]);
});

test.each([
  ["const KEY = 'new-cart';", ['new-cart']],
  [`fetch(\`\${relay}/v1/evaluate/new-cart\`)`, ['new-cart']],
  ['"/ofrep/v1/evaluate/flags/new-cart?x"', ['new-cart']],
  ['// new-cart is great', []],
  ["'new-cart-2', 'a banner'", []],
])('%s names %j', (code, keys) => {
  expect([...referencesIn(code, KNOWN).named]).toEqual(keys);
});

test('hostile code takes no longer than its length', () => {
  const code = `${'getBooleanValue('.repeat(20_000)}${'getBooleanValue<'.repeat(20_000)}${'a.'.repeat(200_000)}`;
  expect(referencesIn(code, KNOWN, ['a']).calls).toEqual([]);
});
