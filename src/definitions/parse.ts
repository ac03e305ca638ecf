// The one door to the YAML library: bytes to a plain value with the place of everything in it, or faults. Total and bounded.
import { Composer, CST, isMap, isScalar, Lexer, type ParsedNode, Parser } from 'yaml';
import type { JsonValue } from '../lib/json.ts';
import { decode } from './decode.ts';
import type { Fault } from './finding.ts';
import { plain } from './plain.ts';
import type { Offsets } from './positions.ts';
import { limits } from './source-file.ts';
import { consequence, HOW_TO_BEGIN, mergeConflict, refusedTokens, wording } from './yaml-faults.ts';

/** `value` is absent where the text is not one well-formed YAML document. Other faults may stand beside a value. */
export interface ParsedFile {
  /** Absent where the bytes are no text. */
  text?: string;
  value?: JsonValue;
  offsets: Offsets;
  /** The first key of a mapping, which says what the file defines (JavaScript objects do not keep that order). */
  firstKey?: string;
  faults: Fault[];
  /** Present where it was asked for and there is a value. */
  tree?: SyntaxTree;
}

/** The text as the YAML library sees it, for those who rewrite it. */
export interface SyntaxTree {
  lexemes: readonly string[];
  root: ParsedNode;
}

const NOTHING: Offsets = new Uint32Array();

export interface ParseOptions {
  /** Whether a key may be a whole number, which then is its text: tests of flags name buckets. */
  integerKeys?: boolean;
  /** Whether every plain key is its text, `True` and `1.5` too: files of other systems are read so. */
  keysAsText?: boolean;
  keepTree?: boolean;
  /** How many YAML tokens are read. */
  mostTokens?: number;
}

/** Never throws; takes time linear in the size but for a bounded constant (half a second at the limits). */
export function parse(
  content: Uint8Array,
  {
    integerKeys = false,
    keysAsText = false,
    keepTree = false,
    mostTokens = limits.tokens,
  }: ParseOptions = {},
): ParsedFile {
  const decoded = decode(content);
  if ('fault' in decoded) return { offsets: NOTHING, faults: [decoded.fault] };
  const { text } = decoded;
  const { lexemes, faults } = lex(text, mostTokens);
  if (faults.some(({ code }) => code === 'too-many-tokens')) return { text, offsets: NOTHING, faults };
  const root = compose(lexemes, faults);
  if (!root) return { text, offsets: NOTHING, faults: conflictOr(faults, text) };
  const offsets: number[] = [];
  const value = plain(root, root.range[0], { offsets, faults, integerKeys, keysAsText });
  const first = isMap(root) ? root.items[0]?.key : undefined;
  const firstKey = isScalar(first) && typeof first.value === 'string' ? first.value : undefined;
  return {
    text,
    value,
    offsets: new Uint32Array(offsets),
    ...(firstKey !== undefined && { firstKey }),
    faults,
    ...(keepTree && { tree: { lexemes, root } }),
  };
}

/** Splits the text into YAML's tokens, and finds those that are refused whatever they mean. */
function lex(text: string, most: number): { lexemes: string[]; faults: Fault[] } {
  const lexemes: string[] = [];
  const faults: Fault[] = [];
  let offset = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexemes.length === most) {
      faults.push({
        code: 'too-many-tokens',
        offset,
        message: `The file has more than ${most.toLocaleString('en')} YAML tokens.`,
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
    const hint = 'Check its brackets, quotes and indentation.';
    faults.push({ code: 'invalid-yaml', offset: 0, message: 'The file cannot be read as YAML.', hint });
    return undefined;
  }
}

function conflictOr(faults: Fault[], text: string): Fault[] {
  const conflict = faults.some(({ code }) => code === 'invalid-yaml') ? mergeConflict(text) : undefined;
  return conflict ? [conflict] : faults;
}

function emptyDocument(faults: Fault[]): undefined {
  faults.push({
    code: 'not-a-definition',
    offset: 0,
    message: 'The file is empty.',
    hint: HOW_TO_BEGIN,
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
        hint: 'Make it flatter, or move a part of it to a segment.',
      });
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}
