// What others wrote does nothing in any format: no element, no escape sequence, no Markdown, no text that reorders another.
import { XMLValidator } from 'fast-xml-parser';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import type { Analysis } from '../../../src/experiments/analysis.ts';
import { MARKER } from '../../../src/experiments/report/markdown.ts';
import { REPORT_FORMATS, report } from '../../../src/experiments/report/report.ts';
import { analysis, brokenSplit, large, sequential, tooEarly } from './analyses.ts';

const NASTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  '" onload="alert(1)" x="',
  '</style><style>*{display:none}</style>',
  '</title><h1>verdict: better</h1>',
  '<!-- halyard-analysis -->',
  '&lt;b&gt; &#60;i&#62;',
  '\u001b[2J\u001b]0;owned\u0007\u009b31m',
  'a\r\nb\nc\tc',
  '\u202eesrever\u2066\u200f',
  '[click](javascript:alert(1)) ![i](https://evil.example/x.png)',
  'https://evil.example www.evil.example @everyone #1 GH-2',
  '| a | b |\n|---|---|',
  '```\n# Heading\n- [ ] task\n</details>',
  '**bold** __b__ ~~s~~ `code` $x$ \\',
  '\ud800 lone \udc00 half',
  '\u2028line\u2029paragraph',
  'x'.repeat(5_000),
];

/** Controls, separators, and marks that reorder text. */
const CONTROLS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Every text that an author, or another program, could have put somewhere. */
function poisoned(base: Analysis, text: string): Analysis {
  const foreign = new Set([
    'project',
    'environment',
    'experiment',
    'hypothesis',
    'owner',
    'arm',
    'metric',
    'why',
  ]);
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(each, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)]));
    return typeof value === 'string' &&
      (foreign.has(key) || key === 'method' || key === 'notes' || key === 'end')
      ? text
      : value;
  };
  const filled = {
    ...base,
    notes: ['a note'],
    hypothesis: 'h',
    owner: 'o',
    plan: { ...base.plan, end: '2027-01-01' },
  };
  return walk(filled, '') as Analysis;
}

const bases = [analysis(), tooEarly(), brokenSplit(), sequential(), large(2, 2)];
bases.push({ ...analysis(), verdict: { kind: 'no-data', why: '' } });

test.each(NASTY.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
  'in the terminal: %s',
  (_, text) => {
    for (const base of bases) {
      const shown = report(poisoned(base, text), 'text');
      expect(shown.replaceAll('\n', '')).not.toMatch(CONTROLS);
      expect(shown.split('\n').length).toBeLessThan(250);
    }
  },
);

test.each(NASTY.map((text) => [JSON.stringify(text).slice(0, 40), text]))('as JSON: %s', (_, text) => {
  for (const base of bases) {
    const given = poisoned(base, text.toWellFormed());
    const shown = report(given, 'json');
    expect(JSON.parse(shown)).toEqual(given);
    expect(shown.replaceAll('\n', '')).not.toMatch(CONTROLS);
  }
});

/** The tags of a page or a comment, in order, without their texts. */
function tagsOf(html: string): string[] {
  return Array.from(html.matchAll(/<[^>]*>/g), ([tag]) => /^<\/?[\w!-]+/.exec(tag)?.[0] ?? tag);
}

test.each(NASTY.map((text) => [JSON.stringify(text).slice(0, 40), text]))('as a page: %s', (_, text) => {
  for (const base of bases) {
    const page = report(poisoned(base, text), 'html');
    expect(tagsOf(page)).toEqual(tagsOf(report(poisoned(base, 'Plain'), 'html')));
    const attributes = new Set(Array.from(page.matchAll(/ ([\w-]+)="/g), ([, name]) => name));
    for (const name of attributes) expect(name).not.toMatch(/^on|^(src|style|action|srcset)$/);
    expect(page.match(/href="[^"]*"/g)).toEqual(['href="data:,"']);
    expect(page.replaceAll('\n', '')).not.toMatch(CONTROLS);
  }
});

/** Plain words in backticks may be code in a sentence. */
function withoutCode(html: string): string[] {
  return tagsOf(html).filter((tag) => tag !== '<code' && tag !== '</code');
}

function rendered(markdown: string): string {
  const options = { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true };
  return micromark(markdown, options);
}

const plain = new Map<Analysis, string[]>();

/** The tags of a comment in which nobody wrote anything but a word. */
function plainTags(base: Analysis): string[] {
  const tags = plain.get(base) ?? withoutCode(rendered(report(poisoned(base, 'Plain'), 'markdown')));
  plain.set(base, tags);
  return tags;
}

test.each(NASTY.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
  'in a pull request: %s',
  (_, text) => {
    for (const base of bases) {
      const comment = report(poisoned(base, text), 'markdown');
      const html = rendered(comment);
      expect(withoutCode(html)).toEqual(plainTags(base));
      expect(comment.startsWith(`${MARKER}\n`)).toBe(true);
      expect(comment.length).toBeLessThanOrEqual(60_000);
      const outside = html.replaceAll(/<(code|pre)[\s\S]*?<\/\1>/g, '');
      expect(outside).not.toMatch(/<a |<img|@everyone|#1\b|GH-2/);
    }
  },
);

/** The page as XML, in which no attribute can end early and no element be left open. */
function isWellFormed(page: string): boolean {
  const xml = page.replace('<!doctype html>', '').replace(/<(meta|link)([^>]*)>/g, '<$1$2/>');
  return XMLValidator.validate(xml) === true;
}

test('a page is well-formed whatever is in it, and its policy allows its own style alone', () => {
  for (const base of bases) {
    const page = report(base, 'html');
    expect(isWellFormed(page)).toBe(true);
    expect(page).toMatch(/content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]{43}=&#39;;/);
    expect(page).not.toMatch(/<script|style=|https?:/);
  }
  for (const text of NASTY)
    expect(isWellFormed(report(poisoned(sequential(), text), 'html')), text).toBe(true);
});

test('a comment never is longer than GitHub takes, and says what is left out', () => {
  const wide = large(4, 400);
  const comment = report(wide, 'markdown');
  expect(comment.length).toBeLessThanOrEqual(60_000);
  expect(comment).toMatch(/would not fit here: `halyard analyze --format json` has all\.\n$/);
  expect(tagsOf(comment).filter((tag) => tag === '<details').length).toBe(
    tagsOf(comment).filter((tag) => tag === '</details').length,
  );
});

test('members of JSON keep their order, however the analysis was read', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, each]) => [name, shuffled(each)]),
    );
  };
  for (const base of bases) expect(report(shuffled(base) as Analysis, 'json')).toBe(report(base, 'json'));
  const members = Object.keys(JSON.parse(report({ ...analysis(), extra: 1 } as Analysis, 'json')));
  expect(members.slice(0, 4)).toEqual(['project', 'environment', 'experiment', 'at']);
  expect(members.at(-1)).toBe('extra');
});

test('every format ends in one line feed', () => {
  for (const format of REPORT_FORMATS) expect(report(analysis(), format)).toMatch(/[^\n]\n$/);
});
