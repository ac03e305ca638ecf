// The comment of a pull request, read as GitHub reads Markdown: what it shows, what no author can do to it, how long it gets.
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { MARKER, planMarkdown } from '../../../src/cli/plan/markdown.ts';
import { block } from '../../../src/lib/markdown-text.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import {
  change,
  environmentPlan,
  flagPlan,
  planWith,
  reportOf,
  rise,
  warning,
} from '../../support/hand-made-plan.ts';

/** As a browser is given it, HTML of the Markdown included. */
function html(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

test('one flag: a table, the warnings, and the flag unfolded', () => {
  const plan = planWith([flagPlan('checkout')], { warnings: [warning('checkout')] });
  expect(planMarkdown(reportOf(plan))).toBe(`\
<!-- halyard-plan -->
### Plan of \`acme/shop\`

**1 flag changes, and somebody moves. 1 warning.** Compared from \`origin/main\` (\`4c1d5ab0f2\`) to the folder as it is.

| Flag | Environment | Who moves | Warnings |
|---|---|---|---|
| \`checkout\` | \`prod\` | \`on\` 10% → 25%; 15% move \`off\` → \`on\`, nobody moves back, of those for whom \`country eq US\` | ⚠️ reshuffle |

**Warnings**

- ⚠️ **reshuffle** \`checkout\` in \`prod\`: Everyone is dealt anew.

<details open><summary><code>checkout</code>, owned by <code>payments</code></summary>

\`\`\`text
prod  rule "US ramp"  percent 10 → 25
\`\`\`

- \`prod\`: \`on\` 10% → 25%; 15% move \`off\` → \`on\`, nobody moves back, of those for whom \`country eq US\`

</details>
`);
});

test('an empty plan says so in one line under its title', () => {
  expect(planMarkdown(reportOf(planWith([])))).toBe(`\
<!-- halyard-plan -->
### Plan of \`acme/shop\`

**Nothing changes, and nobody moves.** Compared from \`origin/main\` (\`4c1d5ab0f2\`) to the folder as it is.
`);
});

test('it is a table with one row a flag, and details that unfold', () => {
  const page = html(planMarkdown(reportOf(planWith(['a', 'b', 'c', 'd'].map((key, n) => story(key, n))))));
  expect(page.match(/<tr>/g)).toHaveLength(5);
  expect(page.match(/<details><summary>/g)).toHaveLength(4);
  expect(page.match(/<li>/g)).toHaveLength(4);
});

/** A flag that is like no other. */
function story(key: string, n: number) {
  return flagPlan(key, { environments: [environmentPlan({ cases: [rise(`country eq C${n}`)] })] });
}

test('the instant of the plan is not in it, so that it changes with its content alone', () => {
  const plan = planWith([flagPlan('checkout')]);
  const later: Plan = { ...plan, at: '2027-01-01T00:00:00Z' };
  expect(planMarkdown(reportOf(later))).toBe(planMarkdown(reportOf(plan)));
});

/** What an author may have written, wherever the plan quotes it. */
function quoting(text: string): string {
  const part = environmentPlan({
    cases: [{ ...rise(text), rules: { before: [text], after: [text] } }],
    rules: [
      {
        rule: text,
        action: 'created',
        after: [{ answer: text, percent: '100' }],
        moves: [],
      },
    ],
    values: [{ variation: text, before: JSON.stringify(text), after: text }],
    limits: [`The rule \`${text}\` is not worked out.`],
    schedule: [{ at: text, rule: text, does: 'opens' }],
  });
  const plan = planWith([flagPlan('checkout', { owner: text, environments: [part] })], {
    changes: [change('checkout', { at: `rule ${JSON.stringify(text)}`, before: text, after: `${text}!` })],
    warnings: [warning('checkout', { message: `The rule \`${text}\` and ${text} surprise.` })],
  });
  return planMarkdown(reportOf(plan, { base: { revision: text, note: `\`${text}\` is broken, ${text}.` } }));
}

/** All tags but those of code: of a name that is plain, a sentence makes code. */
const tags = (page: string): string[] =>
  (page.match(/<\/?[a-z][^>]*>/g) ?? []).filter((tag) => !/^<.?code>$/.test(tag)).sort();
/** The page without what stands in code, where GitHub and GitLab look for nothing. */
const prose = (page: string): string =>
  page
    .replace(/<code[^>]*>.*?<\/code>/gs, '')
    .replaceAll(MARKER, '')
    .replace(/&(lt|gt|quot|amp);/g, (_, name: 'lt' | 'gt' | 'quot' | 'amp') => ENTITIES[name]);
const ENTITIES = { lt: '<', gt: '>', quot: '"', amp: '&' };

const HARMLESS = tags(html(quoting('word')));

test.each([
  '@octocat',
  'a`@octocat`b',
  '``@octocat``',
  '`',
  '\\`',
  '<!-- halyard-plan -->',
  '<img src=x onerror=alert(1)>',
  '</code></summary></details><h1>x</h1>',
  '| a | b |',
  'a \\| b',
  '[text](https://evil.example)',
  '![text](https://evil.example/x.png)',
  'https://evil.example www.evil.example ftp://evil.example',
  'mail@evil.example',
  '#1 GH-1 acme/shop#2 !3 ~label %4 $5 &6',
  '# title',
  '- item',
  '1. item',
  '> quote',
  '**bold** _it_ ~~gone~~ [^1]',
  '/close',
  '&lt;b&gt; &#64;octocat &commat;octocat',
  'a\n\n# title\n/close\n@octocat',
  '```\n@octocat',
  '\u202e\u200d\u0000\ud800',
  ' ',
  '',
])('no text of an author becomes anything but text: %j', (text) => {
  const markdown = quoting(text);
  const page = html(markdown);
  expect(tags(page)).toEqual(HARMLESS);
  expect(markdown.split(MARKER)).toHaveLength(text === MARKER ? markdown.split(MARKER).length : 2);
  expect(markdown.startsWith(`${MARKER}\n`)).toBe(true);
  expect(page.match(/<!--.*?-->/gs)).toEqual([MARKER]);
  expect(prose(page)).not.toMatch(/[@#!~%$&^][\w[]|https?:|www\.|ftp:|mailto:|GH-\d/);
  expect(prose(page)).not.toMatch(/^\/\w/m);
});

test('nor any other text', () => {
  const marks = fc.constantFrom(
    '`',
    '``',
    '|',
    '\\',
    '<',
    '>',
    '@a',
    '[',
    ']',
    '(',
    ')',
    '*',
    '_',
    '!',
    '#',
    '&',
    ';',
    '-',
    '\n',
    ' ',
    'a',
    '~',
    'http://a.b',
    '/close',
  );
  const text = fc.array(marks, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (given) => {
      const page = html(quoting(given));
      expect(tags(page)).toEqual(HARMLESS);
      expect(prose(page)).not.toMatch(/[@#~][\w]|http:/);
    }),
    { numRuns: 150, seed: 7 },
  );
});

test('a line of backticks does not end the block that it stands in', () => {
  const page = html(block(['a', '```', '````', '<b>']).join('\n'));
  expect(page).toBe('<pre><code class="language-text">a\n```\n````\n&lt;b&gt;\n</code></pre>');
});

const LONGEST = 65_536;

test('two hundred flags with which the same happens are one row', () => {
  const markdown = planMarkdown(
    reportOf(planWith(Array.from({ length: 200 }, (_, n) => flagPlan(`flag-${n}`)))),
  );
  expect(markdown.length).toBeLessThan(2_000);
  expect(markdown).toContain('| `flag-0`, `flag-1`, `flag-2`, `flag-3` and 196 flags more | `prod` |');
});

test('two hundred flags, each with its own story, fit: the first rows are seen, the others fold', () => {
  const markdown = planMarkdown(
    reportOf(planWith(Array.from({ length: 200 }, (_, n) => story(`flag-${n}`, n)))),
  );
  expect(markdown.length).toBeLessThan(LONGEST);
  expect(markdown).toMatch(/<details><summary>\d+ rows more<\/summary>/);
  expect(tags(html(markdown)).filter((tag) => tag === '<details>').length).toBeGreaterThan(100);
});

test('what is warned of is seen without unfolding', () => {
  const flags = Array.from({ length: 200 }, (_, n) => story(`flag-${n}`, n));
  const markdown = planMarkdown(reportOf(planWith(flags, { warnings: [warning('flag-150')] })));
  const rows = markdown.split('\n').filter((line) => line.startsWith('| `flag-'));
  expect(rows.slice(0, 2).map((row) => row.split('`')[1])).toEqual(['flag-150', 'flag-0']);
});

test('what does not fit is left out with a sentence that counts it', () => {
  const long = 'x'.repeat(290);
  const flags = Array.from({ length: 900 }, (_, n) =>
    flagPlan(`flag-${n}`, {
      environments: [environmentPlan({ cases: [rise(`${n}${long}`)] })],
    }),
  );
  const warnings = flags.map(({ flag }) => warning(flag, { message: `Flag. ${long}` }));
  const markdown = planMarkdown(reportOf(planWith(flags, { warnings })));
  expect(markdown.length).toBeLessThan(LONGEST);
  const sentences = markdown.split('\n').filter((line) => line.includes('would not fit here'));
  expect(sentences.map((line) => line.replace(/\d+/, 'N'))).toEqual([
    'N rows more would not fit here: `halyard plan --format json` has all.',
    '- N warnings more would not fit here: `halyard plan --format json` has all.',
    'The details of N flags would not fit here: `halyard plan --format json` has them.',
  ]);
});
