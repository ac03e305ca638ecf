// The tokens that open a service which others than this machine can reach.
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../lib/errors.ts';

/** The tokens that open an API, of which any one will do. */
export class TokenSet {
  protected digests: Buffer[] = [];

  /** @param text a token a line; empty lines and lines that begin with `#` are passed over */
  constructor(text: string) {
    this.replace(text);
  }

  /** Takes the tokens of a text instead. Throws a TypeError where it holds none. */
  replace(text: string): void {
    const tokens = text.split(/\r?\n/).map((line) => line.trim());
    const digests = tokens.filter((token) => token !== '' && !token.startsWith('#')).map(digestOf);
    if (digests.length === 0) throw new TypeError('the token file holds no token');
    this.digests = digests;
  }

  /** Compares with every token, in a time that tells nothing of them. */
  open(token: string): boolean {
    const digest = digestOf(token);
    let opened = false;
    for (const known of this.digests) opened = timingSafeEqual(known, digest) || opened;
    return opened;
  }
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The text of a token file. Throws a UsageError where it cannot be read or holds no token. */
export async function readTokens(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--token-file ${path} cannot be read (${error.code}).`, { cause: error });
  });
  if (!/^[ \t]*[^#\s]/m.test(text))
    throw new UsageError(`--token-file ${path} holds no token. Write one a line.`);
  return text;
}
