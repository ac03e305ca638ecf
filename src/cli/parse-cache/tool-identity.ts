// What the findings about a file depend on besides the file: this program's code and the libraries that it asks.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../lib/version.ts';

/** The rooms that decide what is found, beside this one, and the schemas. */
const ROOMS = ['lib', 'model', 'engine', 'logic', 'definitions'];
const LIBRARIES = ['yaml', 'ajv', 're2js', 'fastest-levenshtein'];

/**
 * A text that is another one where the program is: another version, an edited source, an upgraded library, another Node.
 * Undefined where the program does not lie in files as it is published, so that nobody can tell.
 */
export async function toolIdentity(): Promise<string | undefined> {
  const here = import.meta.dirname;
  try {
    // The files of a bundle are named by digests of what is in them, and have the libraries in them.
    const parts = await (basename(here) === 'parse-cache'
      ? looksOfSource(join(here, '../..'))
      : readdir(here));
    return createHash('sha256')
      .update(JSON.stringify([VERSION, process.version, ...parts]))
      .digest('hex');
  } catch {
    return undefined;
  }
}

async function looksOfSource(source: string): Promise<unknown[]> {
  const folders = [...ROOMS.map((room) => join(source, room)), join(source, '../schemas')];
  return Promise.all([...folders.map(looksOf), ...LIBRARIES.map(versionOf)]);
}

/** Names, sizes and times of a folder's files. */
async function looksOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const looks = files.sort().map(async (file) => {
    const { size, mtimeMs } = await stat(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return Promise.all(looks);
}

/** The text of the library's package.json. */
async function versionOf(library: string): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.resolve(library)));
  while (!folder.endsWith(library)) {
    if (dirname(folder) === folder) throw new Error(`the package ${library} is in no folder of its name`);
    folder = dirname(folder);
  }
  return readFile(join(folder, 'package.json'), 'utf8');
}
