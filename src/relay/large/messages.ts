// What the relay and the thread that reads large bodies say to one another.
import type { Codec } from '../grpc/framing.ts';
import type { Unreadable } from '../read-json.ts';

/** Which protocol's request a body is: the HTTP API's, or one of flagd's in a codec, for all flags or for one. */
export type Form = 'http' | { codec: Codec; asks: 'All' | 'one' };

export type ToThread =
  /** The attributes that are read from now on, and how many flags a call may ask for. */
  | { type: 'wanted'; attributes: readonly string[]; mostFlags: number }
  | { type: 'body'; form: Form; parts: readonly Uint8Array[] };

/** `many`: it asks for more flags than a call may. */
export type WhyUnread = Unreadable['why'] | 'many';

export type WasRead =
  /** What is left of the body, serialised, and how long it takes about to take that over. */
  { type: 'read'; slim: Uint8Array; mostMs: number } | { type: 'unreadable'; why: WhyUnread };

/** `ms` is the processor time that it took. */
export interface FromThread {
  read: WasRead;
  ms: number;
}
