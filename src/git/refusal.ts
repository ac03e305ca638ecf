// What a repository holds and git or Halyard does not take: the repository's own fault, which asking again does not mend.
import { UnreachableError } from '../lib/errors.ts';
import { printable } from '../lib/printable.ts';
import { GitError } from './command.ts';

/** The head of the branch is not taken, and stays so until the branch moves on. The message says what to do. */
export class RefusedError extends UnreachableError {
  override name = 'RefusedError';
  /** The size of all that is fetched, or one object. */
  readonly fault: 'size' | 'object';

  constructor(fault: RefusedError['fault'], message: string, options?: ErrorOptions) {
    super('git', message, options);
    this.fault = fault;
  }
}

/** A head that was refused is fetched again after this, at the earliest: by then an operator may have mended it. */
const REFUSED_FOR_MS = 300_000;

/** Remembers the last head that was refused, so that it is not fetched again and again. */
export class Refusals {
  readonly #name: string;
  #last: { head: string; error: RefusedError; untilMs: number } | undefined;

  /** @param name the repository's, for the message */
  constructor(name: string) {
    this.#name = name;
  }

  throwIfKnown(head: string): void {
    const last = this.#last;
    if (last?.head === head && performance.now() < last.untilMs) throw last.error;
  }

  /** What a failed fetch of a head says about the repository; undefined where it may be another fault. */
  of(cause: unknown, head: string): RefusedError | undefined {
    const error = refusalOf(cause, this.#name);
    if (error) this.#last = { head, error, untilMs: performance.now() + REFUSED_FOR_MS };
    return error;
  }
}

/** In git's words, by index-pack(1) with fsck and by its limit of memory. */
const BAD_OBJECT = /error: object ([0-9a-f]{40,64}): (\w+: [^\n]*)/;
const TOO_LARGE_OBJECT = /attempting to allocate \d+ over limit/;

function refusalOf(error: unknown, name: string): RefusedError | undefined {
  if (error instanceof RefusedError) return error;
  if (!(error instanceof GitError)) return undefined;
  const [, oid, why] = BAD_OBJECT.exec(error.said) ?? [];
  if (oid !== undefined && why !== undefined) {
    return new RefusedError(
      'object',
      `${name} has an object in the branch's history that git refuses: ${oid} (${printable(why, 200)}). ` +
        'Take it out of the history, or, if it is old and known to be harmless, write its id into the file of --git-skip-list.',
      { cause: error },
    );
  }
  if (!TOO_LARGE_OBJECT.test(error.said)) return undefined;
  return new RefusedError(
    'object',
    `${name} has an object in the branch's history that takes too much memory. Take it out of the history.`,
    { cause: error },
  );
}

/** The mirror would be larger than it may be. */
export function tooLargeMirror(name: string, maxBytes: number): RefusedError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024).toLocaleString('en');
  return new RefusedError(
    'size',
    `${name} needs a mirror of more than ${megabytes} MB. Take out of the history what does not belong there, or allow more with --mirror-limit.`,
  );
}
