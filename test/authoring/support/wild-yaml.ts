// Writes a value as YAML in any way that an author might: every style, any indentation, comments wherever one may stand.
import type { JsonValue } from '../../../src/lib/json.ts';

export interface WildYaml {
  text: string;
  /** Every comment that is in it, sorted. */
  comments: string[];
}

type Members = { [key: string]: JsonValue };

/** `choices` decides everything: the same numbers give the same text. */
export function wildYaml(value: Members, choices: readonly number[]): WildYaml {
  const writer = new Writer(choices);
  const text = writer.file(value);
  return { text, comments: writer.comments.sort() };
}

class Writer {
  readonly comments: string[] = [];
  readonly #choices: readonly number[];
  #next = 0;
  /** What ends with a block scalar takes deep comments for its own, and one that keeps line breaks empty lines too. */
  #open: 'no' | 'block' | 'kept' = 'no';

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  file(value: Members): string {
    const start = this.#one('', '\n\n', '---\n', () => `${this.#comment()}\n--- ${this.#comment()}\n`);
    const map = this.#map(value, 0);
    if (this.#open === 'kept') return start + map;
    return (
      start +
      map +
      this.#one(
        '',
        '\n\n',
        () => `\n${this.#comment()}`,
        () => `${this.#comment()}\n\n`,
        '...\n',
      )
    );
  }

  #map(value: Members, indent: number): string {
    const lines = this.#shuffled(Object.entries(value)).map(([key, each]) => {
      const above = this.#above(indent);
      return `${above}${' '.repeat(indent)}${this.#key(key)}:${this.#after(each, indent, true)}`;
    });
    return lines.join('');
  }

  #list(value: JsonValue[], indent: number): string {
    const lines = value.map((each) => {
      const above = this.#above(indent);
      return `${above}${' '.repeat(indent)}-${this.#after(each, indent, false)}`;
    });
    return lines.join('');
  }

  /** What stands after a colon or a dash, line break included. */
  #after(value: JsonValue, indent: number, isInMap: boolean): string {
    this.#open = 'no';
    const inner = indent + this.#one(2, 1, 2, 4);
    const isBlock =
      this.#one(true, true, false) && typeof value === 'object' && Object.keys(value ?? {}).length > 0;
    if (isBlock && !isInMap && this.#one(true, false)) return this.#compact(value, indent + 2);
    if (isBlock) {
      const column = Array.isArray(value) && isInMap && this.#one(true, false) ? indent : inner;
      return `${this.#trailing()}\n${this.#block(value, column)}`;
    }
    if (typeof value === 'string' && isBlockText(value) && this.#one(true, false)) {
      return this.#blockScalar(value, indent, inner);
    }
    if (value === null && this.#one(true, false)) return `${this.#trailing()}\n`;
    const gap = this.#one(' ', '   ', () => `${this.#trailing()}\n${' '.repeat(inner)}`);
    return `${gap}${this.#inline(value, inner, false)}${this.#trailing()}\n`;
  }

  #block(value: JsonValue, column: number): string {
    return Array.isArray(value) ? this.#list(value, column) : this.#map(value as Members, column);
  }

  /** Beginning on the line of the dash, unless a comment comes first. */
  #compact(value: JsonValue, column: number): string {
    const lines = this.#block(value, column);
    return /^ *[^\s#]/.test(lines) ? ` ${lines.slice(column)}` : `\n${lines}`;
  }

  #blockScalar(value: string, indent: number, inner: number): string {
    const text = value.replace(/\n+$/, '');
    const breaks = value.length - text.length;
    const chomping = breaks === 0 ? '-' : breaks === 1 ? this.#one('', '+') : '+';
    const explicit = value.startsWith(' ') || this.#one(true, false) ? String(inner - indent) : '';
    const header = `|${this.#one(explicit + chomping, chomping + explicit)}${this.#trailing()}`;
    const content = text.split('\n').map((line) => (line === '' ? '' : ' '.repeat(inner) + line));
    this.#open = chomping === '+' ? 'kept' : 'block';
    return ` ${header}\n${content.join('\n')}\n${'\n'.repeat(Math.max(0, breaks - 1))}`;
  }

  #inline(value: JsonValue, column: number, inFlow: boolean): string {
    if (typeof value !== 'object' || value === null) return this.#scalar(value, column, inFlow);
    const parts = Array.isArray(value)
      ? value.map((each) => () => this.#inline(each, column + 1, true))
      : Object.entries(value).map(
          ([key, each]) =>
            () =>
              `${this.#key(key)}:${this.#one(' ', '  ')}${this.#inline(each, column + 1, true)}`,
        );
    const joined = parts.map((part, index) => {
      const comma = index < parts.length - 1 ? ',' : this.#one('', ',');
      return `${this.#break(column)}${part()}${this.#one('', ' ')}${comma}`;
    });
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    return `${open}${joined.join('')}${this.#break(column)}${close}`;
  }

  /** Between the parts of a collection in braces. */
  #break(column: number): string {
    const indent = ' '.repeat(column);
    return this.#one(
      '',
      ' ',
      ' ',
      `\n${indent}`,
      () => ` ${this.#comment()}\n${indent}`,
      () => `\n\n${indent}${this.#comment()}\n${indent}`,
    );
  }

  #scalar(value: JsonValue, column: number, inFlow: boolean): string {
    if (typeof value !== 'string') return String(value);
    const quoted = JSON.stringify(value);
    const isPlain =
      /^[a-z][\w .-]*$/i.test(value) && value.trim() === value && !/^(true|false|null)$/i.test(value);
    const isAscii = !/[^ -~]/.test(value);
    const style = this.#one('plain', 'single', 'double', 'lines');
    if (style === 'plain' && isPlain) return value;
    if (style === 'single' && isAscii) return `'${value.replaceAll("'", "''")}'`;
    if (style !== 'lines' || (inFlow && isPlain)) return quoted;
    // A single space between two words may be a line break instead.
    const broken = () => this.#one(' ', `\n${' '.repeat(column)}`);
    return (isPlain ? value : quoted).replace(/(?<=[a-z]) (?=[a-z])/gi, broken);
  }

  #key(key: string): string {
    const isPlain = /^[a-z][\w.-]*$/i.test(key) && !/^(true|false|null)$/i.test(key);
    return isPlain && this.#one(true, true, false) ? key : JSON.stringify(key);
  }

  /** Lines above an entry: empty ones and comments, seldom indented as they should be. */
  #above(indent: number): string {
    const spaces = ' '.repeat(indent);
    if (this.#open === 'kept') return this.#one('', () => `${spaces}${this.#comment()}\n`);
    return this.#one(
      '',
      '',
      '\n',
      () => `${spaces}${this.#comment()}\n`,
      () => `\n${spaces}${this.#comment()}\n`,
      () => `\n\n${this.#comment()}\n\n`,
      () => `${this.#open === 'no' ? '   ' : ''}${spaces}${this.#comment()}\n${spaces}${this.#comment()}\n`,
    );
  }

  #trailing(): string {
    return this.#one(
      '',
      ' ',
      () => ` ${this.#comment()}`,
      () => `     ${this.#comment()}`,
    );
  }

  #comment(): string {
    const comment = `${this.#one('# why ', '#', '# a: { b: c } ', '#- "x', "#\tit's: so ")}${this.comments.length}`;
    this.comments.push(comment);
    return comment;
  }

  #shuffled<Value>(values: Value[]): Value[] {
    const by = this.#one(0, 0, 1, 3);
    return [...values.slice(by), ...values.slice(0, by)];
  }

  #one<Value extends string | number | boolean>(...alternatives: (Value | (() => Value))[]): Value {
    const choice = this.#choices[this.#next++ % this.#choices.length] ?? 0;
    const chosen = alternatives[(choice + this.#next) % alternatives.length] as Value | (() => Value);
    return typeof chosen === 'function' ? chosen() : chosen;
  }
}

/** What a literal block scalar can hold as it is. */
function isBlockText(text: string): boolean {
  return /^[!-~ \n]+$/.test(text) && /^ *[!-~]/.test(text) && !/ (\n|$)/.test(text);
}
