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
  ['client.get_struct_value::<Banner>("gone", None, None)', 'gone'],
  ['client.get_boolean_value(flag_key="gone", default_value=False)', 'gone'],
  ["client.fetch_boolean_value(flag_key: 'gone', default_value: false)", 'gone'],
  ['client.getBooleanValue(key: "gone", defaultValue: false)', 'gone'],
  ['await client.GetBooleanValueAsync(flagKey: "gone", false);', 'gone'],
  ['OpenFeature.Client.get_boolean_value(client, "gone", false)', 'gone'],
  ['v := client.Boolean(ctx, "gone", false, evalCtx)', 'gone'],
  ["client.getObjectValue<Map<string, number>>('gone', {})", 'gone'],
  ["client?.getBooleanValue?.('gone', false)", 'gone'],
  ["client.getBooleanValue(\n  // why\n  'gone',\n  false)", 'gone'],
  ['<FeatureFlag flagKey="gone" match={true}>', 'gone'],
  ["<FeatureFlag flagKey={'gone'}>", 'gone'],
])('%s reads a flag', (code, key) => {
  expect(referencesIn(code, KNOWN).calls).toEqual([expect.objectContaining({ key })]);
});

test.each([
  ['new StringValue("hello")'],
  ['getBooleanValue(key, false)'],
  [`getBooleanValue(\`flag-\${name}\`, false)`],
  ['budgetBooleanValue("x")'],
  ['isEnabled("x")'],
  ["client.getBooleanValue('prefix-' + name, false)"],
  ["form.getStringValue('email')"],
  ['rs.getStringValue("column")'],
  ['zap.String("key", value); c.String(http.StatusOK, "pong", x)'],
  ["// client.getBooleanValue('old', false)"],
  ["  # client.get_boolean_value('old', False)"],
  ["/**\n * client.getBooleanValue('old', false)\n */"],
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
  ["  // if (isOn('new-cart'))", []],
  ['#define FLAG "new-cart"', ['new-cart']],
  ['{ "body": "{\\"flag\\":\\"new-cart\\"}" }', ['new-cart']],
  ["'new-cart-2', 'a banner'", []],
])('%s names %j', (code, keys) => {
  expect([...referencesIn(code, KNOWN).named]).toEqual(keys);
});

test('calls are counted by lines of the text, in its order', () => {
  const code = '// x\n\nisOn("one")\nclient.getBooleanValue("two", false)\nisOn("three")';
  expect(referencesIn(code, KNOWN, ['isOn']).calls).toEqual([
    { key: 'one', line: 3 },
    { key: 'two', line: 4 },
    { key: 'three', line: 5 },
  ]);
});

/** Of a length at which quadratic work would take minutes. */
test.each([
  ['getBooleanValue(', 0],
  ['getBooleanValue<', 0],
  ['getBooleanValue<a,<a>', 0],
  ['a.', 0],
  [' ', 0],
  ['\n \t', 0],
  ['flagKey=', 0],
  ["getBooleanValue('x', 1)\n", 20_834],
  ["'", 0],
])('%j again and again takes no longer than its length', (piece, count) => {
  const text = piece.repeat(Math.ceil(500_000 / piece.length));
  for (const code of [text, `getBooleanValue${text}`, `flagKey=${text}`, `Boolean(${text}`]) {
    expect(Math.abs(referencesIn(code, KNOWN, ['a']).calls.length - count)).toBeLessThan(2);
  }
});
