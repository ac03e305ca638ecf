// Finds the JSON Schema that an editor is to be pointed at.
import { access, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * The path from a new file in `folder` to the schema of its kind: of an installed package, or of this very repository.
 * Undefined where neither is found up to the root of the git repository.
 */
export async function schemaPath(folder: string, kind: string): Promise<string | undefined> {
  const start = resolve(folder);
  const name = `${kind}.schema.json`;
  for (let place = start; ; place = dirname(place)) {
    for (const schemas of [join(place, 'node_modules/halyard/schemas'), join(place, 'schemas')]) {
      const file = join(schemas, name);
      if (await isSchema(file, name)) return relative(start, file).replaceAll('\\', '/');
    }
    if (place === dirname(place) || (await exists(join(place, '.git')))) return undefined;
  }
}

/** Another project's folder `schemas` may have a file of that name too. */
async function isSchema(file: string, id: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.includes(`"$id": "${id}"`) && text.includes('"$ref": "common.schema.json#');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
