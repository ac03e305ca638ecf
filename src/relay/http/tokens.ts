// The tokens that open a relay which others than this machine can reach.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The tokens that open the API, of which any one will do. */
export class Tokens {
  readonly #secret: string;
  #digests: Buffer[] = [];
  #ticket = '';

  /**
   * @param text a token a line; empty lines and lines that begin with `#` are passed over
   * @param secret what tickets are made with: the processes of one relay share it
   */
  constructor(text: string, secret = randomBytes(32).toString('base64url')) {
    this.#secret = secret;
    this.replace(text);
  }

  /** Takes the tokens of a text instead. Throws a TypeError where it holds none. */
  replace(text: string): void {
    const tokens = text.split(/\r?\n/).map((line) => line.trim());
    const digests = tokens.filter((token) => token !== '' && !token.startsWith('#')).map(digestOf);
    if (digests.length === 0) throw new TypeError('the token file holds no token');
    this.#digests = digests;
    this.#ticket = createHmac('sha256', this.#secret).update(Buffer.concat(digests)).digest('base64url');
  }

  /**
   * Opens OFREP's stream of events, and nothing else: a browser's EventSource cannot send a token. Those who may
   * evaluate are told it, it is another one for each start and each set of tokens, and events tell nothing but "ask again".
   */
  get ticket(): string {
    return this.#ticket;
  }

  opensStream(ticket: string): boolean {
    return timingSafeEqual(digestOf(ticket), digestOf(this.#ticket));
  }

  /** Compares with every token, in a time that tells nothing of them. */
  open(token: string): boolean {
    const digest = digestOf(token);
    let opened = false;
    for (const known of this.#digests) opened = timingSafeEqual(known, digest) || opened;
    return opened;
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
