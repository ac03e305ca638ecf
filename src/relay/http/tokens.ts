// The tokens that open a relay which others than this machine can reach, and the ticket that opens its streams.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { digestOf, TokenSet } from '../../io/tokens.ts';

/** The tokens that open the API, of which any one will do. */
export class Tokens extends TokenSet {
  readonly #secret: string;
  #ticket = '';
  /** Those that the ticket was made of. */
  #ticketDigests: Buffer[] = [];

  /**
   * @param text a token a line; empty lines and lines that begin with `#` are passed over
   * @param secret what tickets are made with: the processes of one relay share it
   */
  constructor(text: string, secret = randomBytes(32).toString('base64url')) {
    super(text);
    this.#secret = secret;
  }

  /**
   * Opens OFREP's stream of events, and nothing else: a browser's EventSource cannot send a token. Those who may
   * evaluate are told it, it is another one for each start and each set of tokens, and events tell nothing but "ask again".
   */
  get ticket(): string {
    if (this.#ticketDigests !== this.digests) {
      this.#ticketDigests = this.digests;
      this.#ticket = createHmac('sha256', this.#secret)
        .update(Buffer.concat(this.digests))
        .digest('base64url');
    }
    return this.#ticket;
  }

  opensStream(ticket: string): boolean {
    return timingSafeEqual(digestOf(ticket), digestOf(this.ticket));
  }
}
