// Why a call was refused: one word for it, as gRPC's number, Connect's name and HTTP's status.
// Sources: grpc.io/docs/guides/status-codes, connectrpc.com/docs/protocol (Error Codes).

const CODES = {
  invalid_argument: { grpc: 3, http: 400 },
  deadline_exceeded: { grpc: 4, http: 504 },
  not_found: { grpc: 5, http: 404 },
  permission_denied: { grpc: 7, http: 403 },
  resource_exhausted: { grpc: 8, http: 429 },
  failed_precondition: { grpc: 9, http: 400 },
  unimplemented: { grpc: 12, http: 501 },
  internal: { grpc: 13, http: 500 },
  unavailable: { grpc: 14, http: 503 },
  // What flagd's providers take for a request that cannot be read. Connect's own 500 would blame the relay.
  data_loss: { grpc: 15, http: 400 },
  unauthenticated: { grpc: 16, http: 401 },
} as const;

export type Code = keyof typeof CODES;

/** A call that is not answered. The message is for people, and holds nothing of the request. */
export class CallFault extends Error {
  override name = 'CallFault';
  readonly code: Code;
  /** When to ask again, in seconds; undefined where that is no use. */
  readonly retryAfterS: number | undefined;

  constructor(code: Code, message: string, retryAfterS?: number) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }

  get httpStatus(): number {
    return CODES[this.code].http;
  }

  /** As gRPC's headers or trailers have it (PROTOCOL-HTTP2.md, Responses; gRFC A6 for the pushback). */
  toGrpc(): { [name: string]: string } {
    return {
      'grpc-status': String(CODES[this.code].grpc),
      'grpc-message': encodeURIComponent(this.message).replaceAll('%20', ' '),
      ...(this.retryAfterS !== undefined && { 'grpc-retry-pushback-ms': String(this.retryAfterS * 1000) }),
    };
  }

  /** As Connect's body has it, in JSON. */
  toConnect(): { code: Code; message: string } {
    return { code: this.code, message: this.message };
  }
}
