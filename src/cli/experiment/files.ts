// Definition files as texts, a byte order mark kept apart.
import type { SourceFile } from '../../definitions/source-file.ts';

/** Without its byte order mark. Empty for what is no file. */
export function decoded(file: SourceFile): string {
  return file.kind === 'file' ? new TextDecoder().decode(file.content) : '';
}

/** The file with another text, and its byte order mark if it had one. */
export function withText(file: SourceFile, text: string): SourceFile {
  if (file.kind !== 'file' || decoded(file) === text) return file;
  const mark = file.content[0] === 0xef ? '\uFEFF' : '';
  return { ...file, content: new TextEncoder().encode(mark + text) };
}
