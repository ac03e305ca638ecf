// Texts as HTML: nothing that others wrote becomes an element, an attribute or an entity.
import { printable } from '../../lib/printable.ts';
import { type Sentence, spoken } from './sentence.ts';

/** HTML that is safe to stand in a page, so that no plain text is taken for it. */
export type Html = string & { readonly isHtml: true };

const LONGEST_NAME = 100;
const LONGEST_SENTENCE = 2_000;

/** Escapes every part of a template but HTML, also within attributes in double quotes. Lists are joined. */
export function html(words: TemplateStringsArray, ...parts: readonly (Html | readonly Html[])[]): Html {
  const texts = words.map((text, index) => text + [parts[index] ?? []].flat().join(''));
  return texts.join('') as Html;
}

export const NOTHING = '' as Html;

/** Text of ours or of others. Minus signs of numbers become real ones. */
export function text(value: string, maxLength = LONGEST_SENTENCE): Html {
  const safe = printable(value, maxLength).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return safe as Html;
}

/** A sentence of ours: backticks are for terminals and Markdown, and a page has quotation marks. */
export function prose(value: string): Html {
  return text(value.replace(/`([^`]+)`/g, '“$1”'));
}

/** A number, an interval or a p-value as made by numbers.ts: with minus signs, and never broken before its unit. */
export function numberText(value: string): Html {
  return text(value.replace(/(?<![\d\p{L}])-(?=\d)/gu, '−').replace(/ (?=%|pp)/g, '\u00a0'));
}

export function nameText(value: string): Html {
  return text(value, LONGEST_NAME);
}

/** A sentence as the text of an element. */
export function said(sentence: Sentence): Html {
  return spoken(sentence, {
    words: numberText,
    name: (value) => `<b>${nameText(value)}</b>`,
    foreign: (value) => prose(value),
  }) as Html;
}

/** A sentence as the text of a title or of an attribute. */
export function saidPlain(sentence: Sentence): Html {
  return spoken(sentence, { words: numberText, name: nameText, foreign: text }) as Html;
}
