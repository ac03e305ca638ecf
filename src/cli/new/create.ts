// Writes a new definition's file, and says what is still to be filled in.
import { dirname, join } from 'node:path';
import { format } from '../../authoring/format.ts';
import { loadDefinitions } from '../../definitions/load.ts';
import { readFolder } from '../../io/folder.ts';
import { createFile } from '../../io/replace-file.ts';
import { ticked } from '../../lib/printable.ts';
import type { DefinitionKind } from '../../model/definition.ts';
import { EXIT } from '../exit.ts';
import { problemLines } from '../problem-text.ts';
import { schemaPath } from '../schema-path.ts';
import { say } from '../terminal.ts';
import { newPath, pathOf, type Workplace } from './workplace.ts';

export interface Common {
  path: string;
  in?: string;
  format: 'text' | 'json';
}

export interface Begun {
  kind: DefinitionKind;
  key: string;
  /** What the author does next, as a sentence. */
  next: string;
  /** The text of the file, given the path to its schema if there is one. */
  text: (schema: { schema?: string }) => string;
}

/** Creates the file of a definition that is not there yet. Throws UsageError for a bad key. */
export async function create(
  { kind, key, next, text }: Begun,
  { loaded }: Workplace,
  options: Common,
): Promise<void> {
  const path = await newPath(key, options.path, options.in);
  const present = pathOf(loaded, kind, key);
  if (present === undefined) await write({ kind, key, next, text }, path, options);
  else refuse(`the ${kind} ${ticked(key)} is there already: ${join(options.path, present)}`);
}

/** Writes the file unless there is one, and reports. `path` is within the definitions' folder. */
export async function write(begun: Begun, path: string, options: Common): Promise<void> {
  const { kind, key, next, text } = begun;
  const file = join(options.path, path);
  const schema = await schemaPath(dirname(file), kind);
  const content = tidy(text(schema === undefined ? {} : { schema }));
  if (!(await createFile(file, content))) {
    refuse(`there is a file ${file} already`);
    return;
  }
  const problems = loadDefinitions(await readFolder(options.path)).problems.filter(
    (each) => each.file === path,
  );
  if (options.format === 'json') {
    say(JSON.stringify({ file, kind, key, problems }, null, 2));
    return;
  }
  const lines = problems.flatMap((problem) => problemLines(problem, options.path));
  say(`${file} is written.`, ...(lines.length > 0 ? ['', 'To be filled in:', ...lines] : []), '', next);
}

/** A template stands in the canonical layout, but for long texts that an author has given. */
function tidy(text: string): string {
  const result = format(new TextEncoder().encode(text));
  if ('faults' in result) throw new Error(`a template is no definition: ${JSON.stringify(result.faults)}`);
  return result.text;
}

function refuse(message: string): void {
  process.stderr.write(`halyard: ${message}\n`);
  process.exitCode = EXIT.problems;
}
