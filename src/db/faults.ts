// What an error of PostgreSQL or of the way to it means: configuration (UsageError), a world that does not answer, or itself.
import { UnreachableError, UsageError } from '../lib/errors.ts';

/** SQLSTATEs, or the classes that they begin with, of a server that cannot answer now (25006: a standby). Trying again may help. */
const UNREACHABLE = ['08', '25006', '25P03', '25P04', '40', '53', '55P03', '57014', '57P', '58'];

/** SQLSTATEs of a configuration that only a person can mend, with what to do. */
const USAGE: [prefix: string, advice: string][] = [
  ['28', 'Check the user and the password in the database URL.'],
  ['3D000', 'Create the database, or check its name in the database URL.'],
  [
    '42501',
    'Log in as another role: halyard_sync, halyard_relay, halyard_collector, halyard_analyst and halyard_reader are the groups for services, and the owner may do all.',
  ],
  ['42P01', 'Run `halyard migrate` first.'],
  ['3F000', 'Run `halyard migrate` first.'],
  [
    '42703',
    'Its schema is of another version: run the Halyard that migrated it, or `halyard migrate` of this one.',
  ],
  [
    '42883',
    'Its schema is of another version: run the Halyard that migrated it, or `halyard migrate` of this one.',
  ],
];

/** How `pg` words the loss of a connection, or its own deadlines: these errors have no code. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout expired|timeout exceeded)/;

/**
 * The error to throw in place of one that `pg` threw: a UsageError or an UnreachableError with the original as its
 * cause, or the original where it is neither.
 * @param place the server and database as they may be shown, without user and password
 */
export function databaseFault(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || error instanceof UnreachableError || error instanceof UsageError)
    return error;
  const state = sqlState(error);
  if (isOfUrl(error)) {
    return new UsageError(`PostgreSQL at ${place}: the database URL cannot be used: ${error.message}`, {
      cause: error,
    });
  }
  if (state === undefined) {
    if (!isSystemError(error) && !LOST.test(error.message)) return error;
    return new UnreachableError('postgres', `PostgreSQL at ${place} does not answer: ${reason(error)}`, {
      cause: error,
    });
  }
  const advice = USAGE.find(([prefix]) => state.startsWith(prefix))?.[1];
  if (advice) return new UsageError(`PostgreSQL at ${place}: ${error.message}. ${advice}`, { cause: error });
  if (UNREACHABLE.some((prefix) => state.startsWith(prefix))) {
    return new UnreachableError('postgres', `PostgreSQL at ${place} cannot answer now: ${error.message}`, {
      cause: error,
    });
  }
  return error;
}

/** The five-character SQLSTATE of an error that PostgreSQL itself sent. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** What is written wrong in a URL: an escape, or a file of certificates. */
function isOfUrl(error: Error): boolean {
  return error instanceof URIError || (error as NodeJS.ErrnoException).syscall === 'open';
}

function isSystemError(error: Error): boolean {
  return typeof (error as NodeJS.ErrnoException).code === 'string';
}

/** An AggregateError (several addresses of one name) has no message of its own. */
function reason(error: Error): string {
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
