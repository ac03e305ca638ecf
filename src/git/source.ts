// The repository that someone named: a path on this machine or a URL, and what of it may appear in a log.
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { publicUrl } from '../lib/public-url.ts';

/**
 * Where commits come from. `name` is fit for logs and for the database: an absolute path, or a URL without userinfo and query.
 * `userinfo` (`user:password`) of an https URL stands beside it, since every user of the machine can read a process's arguments.
 */
export type GitSource =
  | { kind: 'path'; name: string; path: string }
  | { kind: 'url'; name: string; url: string; origin?: string; userinfo?: string };

/** A local repository as it is found: its folder, and every folder whose owner git looks at. */
export interface LocalRepository {
  folder: string;
  owned: string[];
}

const ALLOWED_PROTOCOLS = new Set(['https:', 'ssh:', 'file:']);

/** Reads `--repo`. Throws UsageError for what git would take for an option, a helper program or an open wire. */
export function parseGitSource(text: string, workingFolder: string): GitSource {
  if (text === '' || text.startsWith('-'))
    throw new UsageError(`--repo ${JSON.stringify(text)} is not a repository. Give a path or a URL.`);
  if (/\p{Cc}/u.test(text))
    throw new UsageError('--repo holds a line break or another control character. Give a path or a URL.');
  if (/^[a-z0-9+.-]+::/i.test(text))
    throw new UsageError(
      '--repo names a transport helper (`x::…`), which could run any program. Give a path, or a URL of https, ssh or file.',
    );
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUrl(text);
  if (/^[^/\\]{2,}:/.test(text)) return parseSshPlace(text);
  const path = isAbsolute(text) ? text : resolve(workingFolder, text);
  return { kind: 'path', name: path, path };
}

/** `[user@]host:path`. */
function parseSshPlace(text: string): GitSource {
  const [, user = '', host = '', path = ''] = /^(?:([^/@]*)@)?([^/:]*|\[[^\]/]*\]):(.*)$/s.exec(text) ?? [];
  assertNoOption(user, host, path);
  return { kind: 'url', name: publicUrl(text), url: text };
}

/** What ssh, or git on the other side, would take for an option. Git refuses it as well, but not in every version. */
function assertNoOption(...words: string[]): void {
  if (!words.some((word) => word.startsWith('-'))) return;
  throw new UsageError('--repo names a user, host or path that begins with a dash, as options do.');
}

function parseUrl(text: string): GitSource {
  // A backslash ends the host for some programs, and not for git.
  if (!URL.canParse(text) || text.includes('\\')) throw new UsageError('--repo is not a valid URL.');
  const url = new URL(text);
  if (!ALLOWED_PROTOCOLS.has(url.protocol)) {
    throw new UsageError(
      `--repo uses ${url.protocol}//, which is not allowed. Use https, ssh, file or a path.`,
    );
  }
  if (url.protocol === 'file:') {
    const path = fileURLToPath(url);
    return { kind: 'path', name: path, path };
  }
  const origin = `${url.protocol}//${url.host}`;
  const { username, password } = url;
  assertNoOption(decoded(username), decoded(url.hostname));
  if (url.protocol !== 'https:' || username + password === '') {
    return { kind: 'url', name: publicUrl(text), url: text, origin };
  }
  url.username = url.password = '';
  const userinfo = `${decoded(username)}:${decoded(password)}`;
  return { kind: 'url', name: publicUrl(text), url: url.href, origin, userinfo };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError(
      '--repo holds a user or password whose percent signs encode no text. Encode it again.',
    );
  }
}

/** Finds the repository that a path lies in, as git does: a work tree or a bare repository, there or above. Throws UnreachableError. */
export async function locateRepository(path: string): Promise<LocalRepository> {
  const start = await realpath(path).catch((cause: unknown) => {
    throw new UnreachableError('git', `There is no folder ${path}.`, { cause });
  });
  for (let folder = start; ; folder = dirname(folder)) {
    const gitFolder = join(folder, '.git');
    if (await exists(gitFolder)) return { folder, owned: [folder, gitFolder] };
    if ((await exists(join(folder, 'HEAD'))) && (await exists(join(folder, 'objects'))))
      return { folder, owned: [folder] };
    if (dirname(folder) === folder) throw new UnreachableError('git', `${path} is not in a git repository.`);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
