// The log of a service: one line of JSON an event, without secrets and personal attributes (invariant 12).
import { randomUUID } from 'node:crypto';
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { publicUrl } from '../lib/public-url.ts';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  /** `sync`, `relay`, … */
  service: string;
  version: string;
  level?: LogLevel;
  /** The environment that a relay serves. */
  environment?: string;
  /** Tells instances apart; made up where the platform names none. */
  instanceId?: string;
  /** Where lines go: standard output by default. A stream is for tests. */
  to?: 'stdout' | 'stderr' | DestinationStream;
}

/** Members that never reach a line, at the top of an event or one level below. */
const HIDDEN = ['password', 'secret', 'token', 'authorization', 'cookie', 'context', 'databaseUrl'];

/** A logger for one service. Lines are written at once, so that none is lost when the process ends. */
export function createLog(options: LogOptions): Logger {
  const { service, version, level = 'info', environment, instanceId = randomUUID(), to = 'stdout' } = options;
  const stream = typeof to === 'string' ? destination({ dest: to === 'stdout' ? 1 : 2, sync: true }) : to;
  return pino(
    {
      level,
      base: { service, version, ...(environment !== undefined && { environment }), instance_id: instanceId },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
      errorKey: 'error',
      redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), censor: '<hidden>' },
      serializers: { error: describeError, err: describeError },
    },
    stream,
  );
}

/** What nothing handles ends the process, with a stack on standard error; from now on the log has a line of it too. */
export function logCrashes(log: Logger): void {
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    log.error({ error, origin }, 'the process ends by an error that nothing handles');
  });
}

/** What may be said of an error: never its other members, since those of PostgreSQL's hold the row's values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: scrub(String(error)) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: scrub(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: scrub(error.stack) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

/** Takes user, password and query out of every URL in a text. */
export function scrub(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi, (url) => publicUrl(url));
}
