// A file's bytes as text: UTF-8 without characters that no one can see. A leading byte order mark is dropped.
import type { Fault } from './finding.ts';

/** C0 controls but tab and line feed; a carriage return counts unless a line feed follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f]|\r(?!\n)/;

export type Decoded = { text: string } | { fault: Fault };

export function decode(content: Uint8Array): Decoded {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return { fault: invalidUtf8(content) };
  }
  const found = CONTROL.exec(text);
  return found ? { fault: controlCharacter(found[0], found.index) } : { text };
}

function invalidUtf8(content: Uint8Array): Fault {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  const again = new TextEncoder().encode(lossy);
  const firstDifference = again.findIndex((byte, index) => byte !== content[index]);
  const before = new TextDecoder().decode(content.subarray(0, firstDifference));
  return {
    code: 'invalid-utf8',
    offset: before.length,
    message: 'The file is not UTF-8 text.',
    hint: 'Save it in the encoding UTF-8.',
  };
}

function controlCharacter(character: string, offset: number): Fault {
  if (character === '\0') {
    return {
      code: 'null-character',
      offset,
      message: 'The file holds the character U+0000.',
      hint: 'Remove it. If the file looks odd in an editor too, save it in the encoding UTF-8.',
    };
  }
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    code: 'control-character',
    offset,
    message: `The file holds the control character U+${number}, which no one can see.`,
    hint: 'Remove it, or write it as an escape in double quotes.',
  };
}
