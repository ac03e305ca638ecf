// What authors wrote, made harmless in Markdown: it cannot end its place, mention a person, link, or pass for a part of the comment.
import { printable } from './printable.ts';

/** Longer texts are cut. */
const LONGEST = 300;
/** Keeps characters apart that GitHub or GitLab would read together. Invisible. */
const APART = '\u200b';

/** A code span, which Markdown looks into as little as GitHub and GitLab do. In a table, bars are escaped in it too. */
export function code(text: string): string {
  return codeUpTo(text, LONGEST);
}

/** As `code`, cut earlier. */
export function codeUpTo(text: string, maxLength: number): string {
  const shown = printable(text, maxLength);
  if (shown === '') return '``` ```';
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // A space at each end is taken off again, so a text that has its own, or begins or ends with a backtick, needs one.
  const padded = /^[` ]|[` ]$/.test(shown) ? ` ${shown} ` : shown;
  return `${fence}${padded}${fence}`;
}

/** A cell's text on one line, with the bars that would end the cell escaped. */
export function cell(markdown: string): string {
  return markdown.replaceAll('|', '\\|');
}

/**
 * A sentence of ours that may quote authors. Words in backticks stay code spans where they are plain; of everything
 * else nothing is Markdown, HTML, a mention, a reference or a link.
 */
export function sentence(text: string, maxLength = 1_000): string {
  return printable(text, maxLength)
    .split(/(`[\w.:<>=, -]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : inert(part)))
    .join('');
}

function inert(text: string): string {
  return text
    .replace(/([@#!$%&~^*])(?=[\p{L}\p{N}_"[])/gu, (mark) => mark + APART)
    .replace(/\bGH-(?=\d)/gi, (reference) => reference + APART)
    .replace(/(https?|ftp|www|mailto|xmpp)(?=[:.])/gi, (scheme) => scheme + APART)
    .replace(/[\\`*_{}[\]()<>#+|~&!^$]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Lines as they are, in a block that none of them can end. */
export function block(lines: readonly string[]): string[] {
  const ticks = lines.flatMap((line) => Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, ...ticks.map((length) => length + 1)));
  return [`${fence}text`, ...lines, fence];
}

/** Code within HTML, where Markdown is not read. */
export function htmlCode(text: string): string {
  const shown = printable(text, LONGEST).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return `<code>${shown}</code>`;
}
