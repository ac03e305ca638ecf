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
  /** Whether someone ended it (Ctrl-C) before the last file. */
  isInterrupted: boolean;
}

/** Files that are written at once: each waits for the disk. */
const CONCURRENCY = 16;

/**
 * Writes all files that can be written, in any order; what it resolves to is in the order that is given. A signal to end
 * lets it finish the files that it is at, so that nothing half-written is left.
 */
export async function writeAll(files: readonly Formatting[]): Promise<Written> {
  const outcomes = new Map<Formatting, UsageError | 'written'>();
  let next = 0;
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const worker = async () => {
    for (let file = files[next++]; file && !isInterrupted; file = files[next++]) {
      outcomes.set(file, await write(file));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  for (const signal of SIGNALS) process.off(signal, interrupt);
  return {
    paths: files.filter((file) => outcomes.get(file) === 'written').map(({ path }) => path),
    failures: files.map((file) => outcomes.get(file)).filter((outcome) => outcome instanceof UsageError),
    isInterrupted,
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

async function write({ path, text, content }: Formatting): Promise<UsageError | 'written'> {
  try {
    await replaceFile(path, text, content);
    return 'written';
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

/** Throws UsageError where a file could not be written, for the first of them. */
export function requireWritten({ failures: [first, ...others], isInterrupted }: Written): void {
  const more = others.length === 0 ? '' : ` (and ${others.length.toLocaleString('en')} more)`;
  if (first) throw new UsageError(first.message + more, { cause: first });
  if (isInterrupted) throw new UsageError('interrupted: all other files are as they were');
}
