// What answers a request, and what it is given.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Served } from '../snapshot-store.ts';

export type Handler = (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>;

/** What came as a request's body. */
export interface Body {
  /** The JSON that it is; a fault where it is none. */
  value: unknown;
  /** The body as it came; empty for a large one. */
  text: string;
  /** How much of it there is to evaluate. */
  bytes: number;
  /** Set for a large one: what was served when it began to be read, which is in it as far as that matters. */
  begun?: { served: Served | undefined };
}

/** Decides one flag. Throws a RequestFault where the body is not as it should be. */
export type DecideOne = (key: string, body: Body) => OneAnswer;

export interface OneAnswer {
  status: number;
  json: string;
}
