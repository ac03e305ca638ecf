// What a snapshot is refused with that cannot be served.

/** The snapshot cannot be served: it was not made from checked definitions, or by a newer version. */
export class CompileError extends Error {
  override name = 'CompileError';
  readonly code = 'COMPILE';
  /** `flag`, say. */
  readonly kind: string;
  readonly key: string;

  constructor(kind: string, key: string, options: { cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`${kind} \`${key}\` does not compile: ${reason}`, options);
    this.kind = kind;
    this.key = key;
  }
}

/** Does something with a definition, and says of which one it is where that throws. */
export function attempt<Result>(kind: string, key: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new CompileError(kind, key, { cause: error });
  }
}
