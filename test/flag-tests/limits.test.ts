// How much a test may come to: cases, values and bytes are counted before anything is written out.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { expect, test } from 'vitest';
import { loadBoth, TEXTS, testOf } from './support.ts';

test('a case counts once for each environment', () => {
  const values = `[${Array.from({ length: 100 }, (_, i) => i)}]`;
  const text = (environments: string, more: string) =>
    testOf(
      `- { name: a, matrix: { a: ${values}, b: [${more}] }, context: { country: "\${a}-\${b}" }, expect: { value: [true, false] } }`,
      `test: checkout\nenvironments: ${environments}`,
    );
  const fifty = Array.from({ length: 50 }, (_, i) => i).join(', ');
  const count = (one: string) => loadBoth({ ...TEXTS, 'c.test.yaml': one }).cases.length;
  expect(count(text('[prod]', `${fifty}, 50`))).toBe(5_100);
  expect(count(text('[dev, prod]', fifty))).toBe(10_000);
  expect(count(text('[dev, prod]', `${fifty}, 50`))).toBe(0);
});

test('more than 10,000 cases in a file are refused before they are written out', () => {
  const values = `[${Array.from({ length: 200 }, (_, i) => i)}]`;
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const text = testOf(`- name: a
  matrix: { ${names.map((name) => `${name}: ${values}`).join(', ')} }
  context: { country: "${names.map((name) => `\${${name}}`).join('')}" }
  expect: { value: false }`);
  const { problems, cases } = loadBoth({ ...TEXTS, 'c.test.yaml': text });
  expect(problems).toMatchObject([{ code: 'too-many-cases', line: 5, column: 5 }]);
  expect(cases).toEqual([]);
});

test('cases of more than 2,000,000 values are refused before they are written out', () => {
  const values = `[${Array.from({ length: 100 }, (_, i) => i)}]`;
  const context = Array.from({ length: 250 }, (_, i) => `a${i}: 0`).join(', ');
  const text = testOf(`- name: a
  matrix: { a: ${values}, b: ${values} }
  context: { country: "\${a}-\${b}", ${context} }
  expect: { value: false }`);
  const { problems } = loadBoth({ ...TEXTS, 'c.test.yaml': text });
  expect(problems).toMatchObject([{ code: 'too-many-cases', line: 5 }]);
});

test('texts that placeholders would blow up are refused before they are written out', () => {
  const text = testOf(`- name: a
  matrix: { a: [${'x'.repeat(100_000)}, b] }
  context: { country: "${'${a}'.repeat(20_000)}" }
  expect: { value: false }`);
  const { problems } = loadBoth({ ...TEXTS, 'c.test.yaml': text });
  expect(problems).toMatchObject([{ code: 'too-many-cases', line: 5 }]);
});

test('more than 100,000 cases in all are refused', () => {
  const values = `[${Array.from({ length: 100 }, (_, i) => i)}]`;
  const text = testOf(
    `- { name: a, matrix: { a: ${values}, b: ${values} }, context: { country: "\${a}-\${b}" }, expect: { value: false } }`,
  );
  const tests = Array.from({ length: 11 }, (_, i) => [`${i}.test.yaml`, text]);
  const { problems, cases } = loadBoth({ ...TEXTS, ...Object.fromEntries(tests) });
  expect(cases).toHaveLength(100_000);
  expect(problems).toMatchObject([{ code: 'too-many-cases', file: '9.test.yaml' }]);
});

test('a file of more than 256 KB is refused unread', () => {
  const texts = { ...TEXTS, 'c.test.yaml': `# ${'x'.repeat(256 * 1024)}\n` };
  expect(loadBoth(texts).problems).toMatchObject([{ code: 'file-too-large', line: 1 }]);
});
