// Where events go: the collector's address, and the token that it demands.
import { readFile } from 'node:fs/promises';
import { UsageError } from '../../lib/errors.ts';
import { publicUrl } from '../../lib/public-url.ts';

/** The address for events of a collector. Throws a UsageError where it is none. */
export function eventsUrl(collector: string): URL {
  const url = URL.canParse(collector) ? new URL(collector) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return new URL('v1/events', url.href.replace(/[?#].*$/s, '').replace(/\/*$/, '/'));
  }
  throw new UsageError(
    `--collector ${publicUrl(collector)} is no address. It looks like http://collector.internal:8017; ` +
      'its token goes into --collector-token-file.',
  );
}

/** The token that is sent, read anew when that is asked for. */
export class CollectorToken {
  readonly #file: string | undefined;
  current: string | undefined;

  private constructor(file: string | undefined, token: string | undefined) {
    this.#file = file;
    this.current = token;
  }

  /** Throws a UsageError where the file is no good. Without a file, none is sent. */
  static async open(file: string | undefined): Promise<CollectorToken> {
    return new CollectorToken(file, file === undefined ? undefined : await readCollectorToken(file));
  }

  /** Throws a UsageError where the file is no good; the token stays. */
  async reload(): Promise<void> {
    if (this.#file !== undefined) this.current = await readCollectorToken(this.#file);
  }
}

/** The first line of the file that is no comment. It goes into a header, so it is ASCII. */
async function readCollectorToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--collector-token-file ${path} cannot be read (${error.code}).`, { cause: error });
  });
  const token = /^[ \t]*([!"$-~][!-~]*)[ \t]*$/m.exec(text)?.[1];
  if (token === undefined)
    throw new UsageError(`--collector-token-file ${path} holds no token of printable ASCII characters.`);
  return token;
}
