// Sentences of a report in parts, so that each format escapes in its own way what others wrote, and only that.

/** A key or a name that somebody chose: it is quoted. */
interface Name {
  name: string;
}

/** Words that are not ours: a hypothesis, say. They are made harmless, not quoted. */
interface Foreign {
  foreign: string;
}

/** Plain strings are words of ours, and numbers. */
export type Sentence = readonly (string | Name | Foreign)[];

/** How a format writes each kind of part. */
export interface Speech {
  words(text: string): string;
  name(text: string): string;
  foreign(text: string): string;
}

export function name(text: string): Sentence {
  return [{ name: text }];
}

export function foreign(text: string): Sentence {
  return [{ foreign: text }];
}

/** A template of our own words, with sentences and numbers in it. */
export function say(words: TemplateStringsArray, ...parts: readonly (Sentence | string)[]): Sentence {
  return words.flatMap((text, index) => [text, ...(parts[index] ?? [])]);
}

/** `a, b and c`, or with another last word; of more than `most` the rest is counted. */
export function listed(items: readonly Sentence[], most = 6): Sentence {
  const shown = items.length > most ? items.slice(0, most) : items;
  const more = items.length - shown.length;
  const all = more > 0 ? [...shown, [`${more.toLocaleString('en')} more`]] : shown;
  return all.flatMap((item, index) => [
    ...(index === 0 ? [] : [index === all.length - 1 ? ' and ' : ', ']),
    ...item,
  ]);
}

export function spoken(sentence: Sentence, { words, name, foreign }: Speech): string {
  return sentence
    .map((part) => {
      if (typeof part === 'string') return words(part);
      return 'name' in part ? name(part.name) : foreign(part.foreign);
    })
    .join('');
}
