// Words for what the YAML library finds, and the tokens that are refused whatever they mean.
import { printable } from '../lib/printable.ts';
import type { Fault } from './finding.ts';

/** For a file that does not say what it defines. */
export const HOW_TO_BEGIN =
  'Begin with `flag:`, `segment:`, `experiment:` or `metric:` and the key, or remove the file.';

/** By the library's name of the token. */
export const refusedTokens: { readonly [type: string]: Omit<Fault, 'offset'> | undefined } = {
  anchor: {
    code: 'anchor-refused',
    message: 'Anchors (`&name`) are refused.',
    hint: 'Write the value where it is needed; share conditions through a segment. Quote a text that begins with `&`.',
  },
  alias: {
    code: 'alias-refused',
    message: 'Aliases (`*name`) are refused.',
    hint: 'Write the value where it is needed; share conditions through a segment. Quote a text that begins with `*`.',
  },
  tag: {
    code: 'tag-refused',
    message: 'Tags (`!name`) are refused.',
    hint: 'Quote a text that begins with `!`.',
  },
  'directive-line': {
    code: 'directive-refused',
    message: 'Directives (`%…`) are refused.',
    hint: 'Remove the line.',
  },
  'explicit-key-ind': {
    code: 'complex-key-refused',
    message: 'Keys written with `?` are refused.',
    hint: 'Write `key: value`.',
  },
};

/** Errors that only repeat that a refused token is there. */
export const consequence: ReadonlySet<string> = new Set([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_DIRECTIVE',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
]);

const hints: { readonly [code: string]: string | undefined } = {
  BAD_INDENT: 'Check for a missing bracket, and indent with spaces, items of one collection alike.',
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_DQ_ESCAPE: 'Use single quotes where a backslash is meant as it is, such as in a regular expression.',
  BAD_SCALAR_START: 'Quote the text.',
  BLOCK_AS_IMPLICIT_KEY: 'Quote a text that contains `: `, or check the indentation.',
  MULTILINE_IMPLICIT_KEY: 'Check for a missing `:` or a wrong indentation in the line before.',
  MISSING_CHAR: 'Check for a missing colon, bracket, quote, comma or space.',
  UNEXPECTED_TOKEN: 'Check the indentation, and quote a text that begins with a special character.',
};

/** One sentence about an error of the library, and what to do. */
export function wording(code: string, message: string): { message: string; hint: string } {
  const hint = hints[code] ?? 'Check this line and the one before it.';
  const sentence = printable(message, 160).replace(/[.:]?$/, '.');
  return { message: `This is not valid YAML. ${sentence}`, hint };
}

/** Where git left a merge conflict, whose lines YAML would call wrong in many ways. */
export function mergeConflict(text: string): Fault | undefined {
  const offset = text.search(/^<{7} /m);
  if (offset < 0) return undefined;
  return {
    code: 'invalid-yaml',
    offset,
    message: 'A merge conflict is left here: git has put both sides into the file.',
    hint: 'Keep what is right, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`.',
  };
}
