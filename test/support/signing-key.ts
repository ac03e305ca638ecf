// Ed25519 keys made on the spot, as people make them.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Makes `name` and `name.pub` in a folder with ssh-keygen. Resolves to the private key's text. */
export async function madeKey(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  return readFile(path, 'utf8');
}
