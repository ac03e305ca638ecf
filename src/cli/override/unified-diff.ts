// The difference of one file as `git apply` takes it.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

const CONTEXT_LINES = 3;

/** @param path from the root of the repository, with `/` between its parts */
export function unifiedDiff(path: string, before: string, after: string): string {
  // A tab ends a name that holds blanks, as in git's own.
  const end = path.includes(' ') ? '' : undefined;
  const [from, to] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const options = { context: CONTEXT_LINES, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(from, to, before, after, end, end, options);
}

/** Quotes, backslashes and controls as git writes them (git-config(1), core.quotePath). */
function quoted(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/["\\\x00-\x1f\x7f]/.test(name)) return name;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const escaped = name.replace(/["\\]/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}
