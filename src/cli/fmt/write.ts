// Writes what `halyard fmt` has formatted: as many files as can be written, several at a time.
import { replaceFile } from '../../io/replace-file.ts';
import { UsageError } from '../../lib/errors.ts';

export interface Formatting {
  path: string;
  /** What it had when it was read. */
  content: Uint8Array;
  text: string;
}

export interface Written {
  paths: string[];
  failures: UsageError[];
}

/** Files that are written at once: each waits for the disk. */
const CONCURRENCY = 16;

/** Writes all files that can be written, in any order; what it resolves to is in the order that is given. */
export async function writeAll(files: readonly Formatting[]): Promise<Written> {
  const failures = new Map<Formatting, UsageError>();
  let next = 0;
  const worker = async () => {
    for (let file = files[next++]; file; file = files[next++]) await write(file, failures);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return {
    paths: files.filter((file) => !failures.has(file)).map(({ path }) => path),
    failures: files.flatMap((file) => failures.get(file) ?? []),
  };
}

async function write(file: Formatting, failures: Map<Formatting, UsageError>): Promise<void> {
  try {
    await replaceFile(file.path, file.text, file.content);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    failures.set(file, error);
  }
}

/** Throws UsageError where a file could not be written, for the first of them. */
export function requireWritten({ failures: [first, ...others] }: Written): void {
  if (!first) return;
  const more = others.length === 0 ? '' : ` (and ${others.length.toLocaleString('en')} more)`;
  throw new UsageError(first.message + more, { cause: first });
}
