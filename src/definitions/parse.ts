// The one door to the YAML library: bytes to a plain value with the place of everything in it, or faults. Total and bounded.
import { Composer, CST, isMap, isScalar, isSeq, Lexer, type ParsedNode, Parser, type Scalar } from 'yaml';
import type { JsonValue } from '../lib/json.ts';
import { printable, ticked } from '../lib/printable.ts';
import { decode } from './decode.ts';
import type { Fault } from './finding.ts';
import type { Offsets } from './positions.ts';
import { limits } from './source-file.ts';
import { consequence, notation, refusedTokens, wording } from './yaml-faults.ts';

/** `value` is absent where the text is not one well-formed YAML document. Other faults may stand beside a value. */
export interface ParsedFile {
  /** Absent where the bytes are no text. */
  text?: string;
  value?: JsonValue;
  offsets: Offsets;
  /** The first key of a mapping, which says what the file defines (JavaScript objects do not keep that order). */
  firstKey?: string;
  faults: Fault[];
}

const NOTHING: Offsets = new Uint32Array();

/** Never throws; takes time linear in the size but for a bounded constant (half a second at the limits). */
export function parse(content: Uint8Array): ParsedFile {
  const decoded = decode(content);
  if ('fault' in decoded) return { offsets: NOTHING, faults: [decoded.fault] };
  const { text } = decoded;
  const { lexemes, faults } = lex(text);
  if (faults.some(({ code }) => code === 'too-many-tokens')) return { text, offsets: NOTHING, faults };
  const root = compose(lexemes, faults);
  if (!root) return { text, offsets: NOTHING, faults };
  const offsets: number[] = [];
  const value = plain(root, root.range[0], offsets, faults);
  const first = isMap(root) ? root.items[0]?.key : undefined;
  const firstKey = isScalar(first) && typeof first.value === 'string' ? first.value : undefined;
  return {
    text,
    value,
    offsets: Uint32Array.from(offsets),
    ...(firstKey !== undefined && { firstKey }),
    faults,
  };
}

/** Splits the text into YAML's tokens, and finds those that are refused whatever they mean. */
function lex(text: string): { lexemes: string[]; faults: Fault[] } {
  const lexemes: string[] = [];
  const faults: Fault[] = [];
  let offset = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexemes.length === limits.tokens) {
      faults.push({
        code: 'too-many-tokens',
        offset,
        message: `The file has more than ${limits.tokens.toLocaleString('en')} YAML tokens.`,
        hint: 'Split it, or move long lists of units to an attribute that apps send.',
      });
      break;
    }
    lexemes.push(lexeme);
    const type: string | null = isContent ? 'content' : CST.tokenType(lexeme);
    isContent = type === 'scalar';
    const refused = refusedTokens[type ?? ''];
    if (refused) faults.push({ ...refused, offset });
    if (type !== 'scalar' && type !== 'doc-mode' && type !== 'flow-error-end') offset += lexeme.length;
  }
  return { lexemes, faults };
}

/** The root of the one document, or undefined with at least one fault. */
function compose(lexemes: string[], faults: Fault[]): ParsedNode | undefined {
  try {
    const tokens = tree(lexemes, faults);
    if (!tokens) return undefined;
    const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' } as const;
    const [document, another] = [...new Composer(options).compose(tokens, true, 0)];
    if (another) {
      faults.push({
        code: 'multiple-documents',
        offset: another.range[0],
        message: 'A second document starts here: expected one definition a file.',
        hint: 'Move it to a file of its own.',
      });
    }
    for (const { code, pos, message } of document?.errors ?? []) {
      if (faults.length > 0 && consequence.has(code)) continue;
      faults.push({ code: 'invalid-yaml', offset: pos[0], ...wording(code, message) });
    }
    return faults.length > 0 ? undefined : (document?.contents ?? emptyDocument(faults));
  } catch {
    // The library promises not to throw. Were it to, on a file made for that, the file is at fault and the rest is served.
    faults.push({ code: 'invalid-yaml', offset: 0, message: 'The file cannot be read as YAML.' });
    return undefined;
  }
}

function emptyDocument(faults: Fault[]): undefined {
  faults.push({
    code: 'not-a-definition',
    offset: 0,
    message: 'The file is empty.',
    hint: 'Begin with `flag:`, `segment:`, `experiment:` or `metric:` and the key, or remove the file.',
  });
}

/** The syntax tree. The parser's stack holds what is open, so that nesting is refused before anything recurses into it. */
function tree(lexemes: string[], faults: Fault[]): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of lexemes) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length <= limits.nesting) continue;
    if (parser.stack.filter(CST.isCollection).length > limits.nesting) {
      faults.push({
        code: 'nested-too-deep',
        offset: parser.offset - lexeme.length,
        message: `YAML is nested more than ${limits.nesting} levels deep here.`,
      });
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** Recursion is bounded by the nesting, which is checked before. */
function plain(
  node: ParsedNode | null,
  keyOffset: number,
  offsets: number[],
  faults: Fault[],
  asItem = false,
): JsonValue {
  const offset = node?.range[0] ?? keyOffset;
  offsets.push(asItem ? offset : keyOffset, offset);
  if (isSeq(node)) {
    return node.items.map((item) => plain(item as ParsedNode, offset, offsets, faults, true));
  }
  if (isMap(node)) return mapping(node.items as Pair[], offsets, faults);
  return isScalar(node) ? scalar(node, faults) : null;
}

type Pair = { key: ParsedNode; value: ParsedNode | null };

function mapping(pairs: Pair[], offsets: number[], faults: Fault[]): JsonValue {
  const byKey = new Map<string, Pair>();
  for (const pair of pairs) {
    const key = textKey(pair.key, faults);
    if (key === undefined) continue;
    if (byKey.has(key)) {
      const message = `The key ${ticked(key)} is here for the second time.`;
      faults.push({
        code: 'duplicate-key',
        offset: pair.key.range[0],
        message,
        hint: 'Keep one of the two.',
      });
    } else byKey.set(key, pair);
  }
  // JavaScript puts keys that look like integers first, so the offsets follow the object and not the text.
  const result: { [key: string]: JsonValue } = Object.fromEntries(
    Array.from(byKey.keys(), (key) => [key, null]),
  );
  for (const key of Object.keys(result)) {
    const pair = byKey.get(key);
    if (pair) result[key] = plain(pair.value, pair.key.range[0], offsets, faults);
  }
  return result;
}

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

function textKey(key: ParsedNode, faults: Fault[]): string | undefined {
  const offset = key.range[0];
  if (!isScalar(key) || typeof key.value !== 'string') {
    const found = isScalar(key)
      ? `the key ${ticked(String(key.source || 'null'))} as ${notation(key.value)}`
      : 'a collection as a key';
    const hint =
      isScalar(key) && key.source ? `Quote it: "${printable(key.source)}".` : 'Write the key as a text.';
    faults.push({ code: 'key-not-text', offset, message: `YAML reads ${found}: expected a text.`, hint });
    return undefined;
  }
  if (RESERVED.has(key.value)) {
    faults.push({
      code: 'reserved-key',
      offset,
      message: `The key ${ticked(key.value)} is reserved in JavaScript.`,
      hint: 'Choose another.',
    });
    return undefined;
  }
  checkText(key.value, offset, faults);
  return key.value;
}

const INTEGER = /^[-+]?(0o[0-7]+|0x[0-9a-f]+|[0-9]+)$/i;

function scalar(node: Scalar.Parsed, faults: Fault[]): JsonValue {
  const { value, source } = node;
  const offset = node.range[0];
  if (typeof value === 'string') checkText(value, offset, faults);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      faults.push({
        code: 'non-finite-number',
        offset,
        message: 'Infinity and not-a-number are no values.',
        hint: 'Write a number, or quote the text.',
      });
      return 0;
    }
    if (INTEGER.test(source) && !Number.isSafeInteger(value)) {
      faults.push({
        code: 'integer-too-large',
        offset,
        message: 'The integer is beyond ±9,007,199,254,740,991 (2^53 - 1).',
        hint: 'Quote it, if it is an identifier.',
      });
    }
    return value === 0 ? 0 : value;
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** Characters that were escaped; raw ones do not get this far. */
function checkText(text: string, offset: number, faults: Fault[]): void {
  if (text.includes('\0')) {
    faults.push({
      code: 'null-character',
      offset,
      message: 'The text holds the character U+0000.',
      hint: 'Remove the escape.',
    });
  }
  if (!text.isWellFormed()) {
    faults.push({
      code: 'lone-surrogate',
      offset,
      message: 'The text holds half of a surrogate pair.',
      hint: 'Write the character itself, or both halves.',
    });
  }
}
