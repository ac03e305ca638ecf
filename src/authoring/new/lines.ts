// The lines that a new file is made of: its first line for editors, keys, and comments in one column.
import { scalarText } from '../scalar-text.ts';

/** Where the comments beside keys begin, as in the sample project. */
const COMMENT_COLUMN = 35;

/** What every new definition can be given. Texts that are not given are left to be filled in. */
export interface Given {
  key: string;
  description?: string;
  owner?: string;
  /** The path from the file to its schema, where there is one. */
  schema?: string;
}

/** A line with a comment beside it. */
export function commented(text: string, comment: string): string {
  return `${`${text} `.padEnd(COMMENT_COLUMN)}# ${comment}`;
}

/** The first lines of a file: the editor's line, the key, and who answers for it. */
export function head(kind: string, { key, description, owner, schema }: Given, what: string): string[] {
  return [
    ...editorLine(schema),
    `${kind}: ${scalarText(key, false)}`,
    described('description', description, what),
    described('owner', owner, 'the team or person who answers for it'),
  ];
}

export function editorLine(schema: string | undefined): string[] {
  return schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`];
}

/** The member, or a comment that says what is to be written there. */
export function described(name: string, text: string | undefined, what: string): string {
  return text === undefined ? `# ${name}: ${what}` : `${name}: ${scalarText(text, false)}`;
}

/** A whole file of lines. */
export function fileOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
