// The two faults that are neither a problem of the author nor a bug: wrong use, and a world that does not answer.

/** The command, an option or the configuration is wrong. The message says what to do next. Commands exit with 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something that is needed (PostgreSQL, git, another relay) does not answer. Trying again may help. Commands exit with 3. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
  /** What kind of thing is away: a stable word for logs and metrics. */
  readonly code: 'postgres' | 'git' | 'http';

  constructor(code: UnreachableError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
