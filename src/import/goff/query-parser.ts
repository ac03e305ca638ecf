// The query language of GO Feature Flag's rules (github.com/nikunjy/rules), as a tree.
import { type Noted, refuse } from '../notes.ts';

export type QueryValue =
  | { type: 'text' | 'version'; value: string }
  | { type: 'whole' | 'decimal'; value: number }
  | { type: 'boolean'; value: boolean }
  | { type: 'null' }
  | { type: 'list'; of: 'text' | 'whole' | 'decimal'; values: (string | number)[] };

export type Query =
  | { kind: 'and'; left: Query; right: Query }
  | { kind: 'or'; left: Query; right: Query }
  | { kind: 'not'; query: Query }
  | { kind: 'present'; attribute: string }
  | { kind: 'compare'; attribute: string; operator: Operator; value: QueryValue };

export type Operator = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'co' | 'sw' | 'ew' | 'in';

const operators: { readonly [word: string]: Operator | undefined } = {
  ...{ eq: 'eq', EQ: 'eq', '==': 'eq', ne: 'ne', NE: 'ne', '!=': 'ne', gt: 'gt', GT: 'gt', '>': 'gt' },
  ...{ lt: 'lt', LT: 'lt', '<': 'lt', ge: 'ge', GE: 'ge', '>=': 'ge', le: 'le', LE: 'le', '<=': 'le' },
  ...{ co: 'co', CO: 'co', sw: 'sw', SW: 'sw', ew: 'ew', EW: 'ew', in: 'in', IN: 'in' },
};

/** Texts with their escapes, brackets, and words between spaces. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[()[\],]|[^\s()[\],"]+/gy;
const SPACE = /\s*/y;
const ATTRIBUTE = /^[A-Za-z][\w:-]*(?:\.[A-Za-z][\w:-]*)*$/;
const VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;
const WHOLE = /^-?(?:0|[1-9]\d*)$/;
const DECIMAL = /^-?(?:0|[1-9]\d*)\.\d+(?:[Ee][+-]?\d+)?$/;
const DEEPEST = 32;

/** Throws Untranslatable where the text is no query. */
export function parseQuery(text: string, place: Noted): Query {
  const tokens = tokensOf(text, place);
  const parser = new Parser(tokens, place);
  const query = parser.query(0);
  if (!parser.isAtEnd()) parser.fail();
  return query;
}

function tokensOf(text: string, place: Noted): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) refuse(place, 'A text in its query does not end.');
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #place: Noted;
  #next = 0;

  constructor(tokens: readonly string[], place: Noted) {
    this.#tokens = tokens;
    this.#place = place;
  }

  isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  fail(): never {
    const found = this.#tokens[this.#next];
    return refuse(
      this.#place,
      `Its query is not understood at ${found === undefined ? 'its end' : JSON.stringify(found)}.`,
    );
  }

  /** `and` and `or` bind alike, from left to right. */
  query(depth: number): Query {
    if (depth > DEEPEST) refuse(this.#place, `Its query nests more than ${DEEPEST} deep.`);
    let left = this.#part(depth);
    for (;;) {
      const word = this.#tokens[this.#next]?.toLowerCase();
      if (word !== 'and' && word !== 'or') return left;
      this.#next++;
      left = { kind: word, left, right: this.#part(depth) };
    }
  }

  #part(depth: number): Query {
    const word = this.#take();
    if (word === '(') return this.#parenthesized(depth);
    if ((word === 'not' || word === 'NOT') && this.#tokens[this.#next] === '(') {
      this.#next++;
      return { kind: 'not', query: this.#parenthesized(depth) };
    }
    if (!ATTRIBUTE.test(word)) this.#failBefore();
    const attribute = word;
    const name = this.#take();
    if (name === 'pr') return { kind: 'present', attribute };
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
    if (!operator) this.#failBefore();
    return { kind: 'compare', attribute, operator, value: this.#value() };
  }

  #parenthesized(depth: number): Query {
    const query = this.query(depth + 1);
    if (this.#take() !== ')') this.#failBefore();
    return query;
  }

  #value(): QueryValue {
    const word = this.#take();
    if (word !== '[') return scalar(word) ?? this.#failBefore();
    const items: QueryValue[] = [];
    for (let separator = ','; separator !== ']'; separator = this.#take()) {
      if (separator !== ',') this.#failBefore();
      items.push(scalar(this.#take()) ?? this.#failBefore());
    }
    const [first] = items;
    if (first?.type !== 'text' && first?.type !== 'whole' && first?.type !== 'decimal') this.#failBefore();
    const { type } = first;
    const values = items.flatMap((item) =>
      item.type === type && 'value' in item ? [item.value as string | number] : [],
    );
    if (values.length !== items.length)
      refuse(this.#place, 'A list in its query has values of several types.');
    return { type: 'list', of: type, values };
  }

  #take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) this.fail();
    this.#next++;
    return token;
  }

  #failBefore(): never {
    this.#next--;
    return this.fail();
  }
}

/** A text is taken as it stands between its quotes: escapes are not resolved. */
function scalar(word: string): QueryValue | undefined {
  if (word.startsWith('"')) return { type: 'text', value: word.length > 2 ? word.slice(1, -1) : '' };
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  if (word === 'null') return { type: 'null' };
  if (WHOLE.test(word)) return { type: 'whole', value: Number(word) };
  if (DECIMAL.test(word)) return { type: 'decimal', value: Number(word) };
  return VERSION.test(word) ? { type: 'version', value: word } : undefined;
}
