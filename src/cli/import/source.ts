// What is imported: a file, standard input, or the folder of a project. Bounded.
import { readFile, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Imported, ImportOptions } from '../../import/imported.ts';
import { readForeign } from '../../import/read.ts';
import { recognised } from '../../import/recognise.ts';
import { readTextFiles } from '../../io/text-files.ts';
import { UsageError } from '../../lib/errors.ts';
import type { System } from './systems.ts';

/** More is no configuration of flags. */
const LARGEST_MIB = 32;

/** Reads and translates. What is wrong with the file says which file it is. Throws UsageError. */
export async function importFrom(place: string, system: System, options: ImportOptions): Promise<Imported> {
  const isFolder = place !== '-' && (await statOf(place)).isDirectory();
  if (isFolder && !system.readFolder)
    throw new UsageError(`${place} is a folder: ${system.name} is imported from a file`);
  try {
    if (isFolder && system.readFolder) return system.readFolder(await filesOf(place), options);
    return readText(place === '-' ? await readAll(process.stdin) : await textOf(place), system, options);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${place}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Where nothing comes out of the text, and it is a file of another system, that is what is told. */
function readText(text: string, system: System, options: ImportOptions): Imported {
  try {
    const imported = system.read(text, options);
    if (imported.definitions.length === 0) refuseOthers(text, system);
    return imported;
  } catch (error) {
    if (error instanceof UsageError) refuseOthers(text, system);
    throw error;
  }
}

function refuseOthers(text: string, { name }: System): void {
  const found = recognised(readForeign(text));
  if (found !== undefined && found !== name)
    throw new UsageError(`it looks like a file of another system: \`halyard import ${found}\` reads it`);
}

async function statOf(place: string) {
  try {
    return await stat(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${place} cannot be read (${code})`, { cause: error });
  }
}

async function textOf(file: string): Promise<string> {
  if ((await statOf(file)).size > LARGEST_MIB * 1024 * 1024)
    throw new UsageError(`it is larger than ${LARGEST_MIB} MiB`);
  return readFile(file, 'utf8');
}

async function filesOf(folder: string): Promise<{ path: string; text: string }[]> {
  const files: { path: string; text: string }[] = [];
  let left = LARGEST_MIB * 1024 * 1024;
  for await (const { path, text } of readTextFiles(folder)) {
    if (text === undefined || !/\.ya?ml$/.test(path)) continue;
    left -= text.length;
    if (left < 0) throw new UsageError(`its YAML is larger than ${LARGEST_MIB} MiB`);
    files.push({ path: relative(folder, path).split(sep).join('/'), text });
  }
  return files;
}
