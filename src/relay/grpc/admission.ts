// Who may call, and what: judged by a request's head, before anything of its message is read.
import { hasTwoHosts, hostJudge, tokensOf } from '../../io/callers.ts';
import type { RelayCore } from '../core.ts';
import type { Tokens } from '../http/tokens.ts';
import { type Framing, isSpokenOver } from './framing.ts';
import { type Method, methodAt } from './methods.ts';
import {
  NO_HOST,
  NO_HTTP2,
  NO_METHOD,
  NO_TOKEN,
  OTHER_HOST,
  OTHER_TYPE,
  OTHER_VERSION,
  TWO_HOSTS,
  WRONG_TOKEN,
} from './refusals.ts';
import { authorityOf, type Request } from './request.ts';
import { CallFault } from './status.ts';

export interface AdmissionOptions {
  allowHosts: readonly string[];
  tokens?: Tokens | undefined;
}

export class Admission {
  readonly #core: RelayCore;
  readonly #tokens: Tokens | undefined;
  readonly #isAllowed: (host: string) => boolean;

  constructor(core: RelayCore, { tokens, allowHosts }: AdmissionOptions) {
    this.#core = core;
    this.#tokens = tokens;
    this.#isAllowed = hostJudge(allowHosts);
  }

  /** Throws a CallFault for a host that nobody named: see `hostJudge`. */
  guard(request: Request): void {
    const host = authorityOf(request);
    if (host === undefined) throw NO_HOST;
    if (hasTwoHosts(request)) throw TWO_HOSTS;
    if (this.#isAllowed(host)) return;
    this.#core.counters.refusedRequests.add('host');
    throw OTHER_HOST;
  }

  /** The method that is called. Throws a CallFault where it may not be, before anything of the request is read. */
  admit(request: Request, framing: Framing): Method {
    const { counters, rateLimit } = this.#core;
    if (!isSpokenOver(framing, request)) throw NO_HTTP2;
    if (this.#tokens) this.#checkToken(request, this.#tokens);
    const method = methodAt(request.url);
    if (!method) throw NO_METHOD;
    if (framing.only !== undefined && (framing.only === 'stream') !== (method.asks === 'Events'))
      throw OTHER_TYPE;
    if (framing.only !== undefined && isOtherVersion(request)) throw OTHER_VERSION;
    const waitS = method.asks === 'Events' ? 0 : (rateLimit?.take() ?? 0);
    if (waitS > 0) {
      counters.refusedRequests.add('rate');
      throw new CallFault('resource_exhausted', 'More calls a second than the rate limit allows.', waitS);
    }
    return method;
  }

  #checkToken({ headers }: Request, tokens: Tokens): void {
    const sent = tokensOf(headers);
    if (sent.some((token) => tokens.open(token))) return;
    this.#core.counters.refusedRequests.add('token');
    throw sent.length > 0 ? WRONG_TOKEN : NO_TOKEN;
  }
}

/** Connect's header may be absent; another version of the protocol may mean anything. */
function isOtherVersion({ headers }: Request): boolean {
  const version = headers['connect-protocol-version'];
  return version !== undefined && version !== '1';
}
