// What the primary process does with what becomes of one worker.
import type { Counts } from './counts.ts';
import type { Question } from './messages.ts';

/** The exit code, or the signal. */
export interface Ending {
  code: number | null;
  signal: string | null;
}

/** What the primary does with what a worker says. */
export interface WorkerListener {
  /** It takes connections from now on. */
  up(): void;
  /** It serves a snapshot that it was told. */
  serves(): void;
  /** It has taken the connection that it was given. */
  took(): void;
  counted(counts: Counts): void;
  /** Never rejects. */
  asked(question: Question): Promise<unknown>;
  ended(how: Ending): void;
}
