// How a call stands on the wire: gRPC, gRPC-Web or Connect, all of which flagd's providers speak, in protobuf or in JSON.
// Sources: github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md and PROTOCOL-WEB.md; connectrpc.com/docs/protocol.
import type { Request, Response } from './request.ts';
import type { CallFault } from './status.ts';

export type Codec = 'proto' | 'json';

/** Messages are handed over in envelopes; where none belong on the wire, they are taken off. */
export interface Framing {
  readonly codec: Codec;
  /** Connect asks with another type for an answer and for a stream of them; the others do not tell. */
  readonly only?: 'unary' | 'stream';
  /** Only over HTTP/2, since it ends with trailers. */
  readonly needsHttp2?: true;
  /** How the message is compressed, where it is, by the header of this name. */
  readonly encodingHeader: 'grpc-encoding' | 'connect-content-encoding' | 'content-encoding';
  /** A whole answer. */
  answer(reply: Response, message: Buffer): void;
  /** The beginning of a stream, which is then written to. */
  open(reply: Response): void;
  /** The end of a stream that was opened. */
  close(reply: Response, fault?: CallFault): void;
  /** Instead of any answer. */
  refuse(reply: Response, fault: CallFault): void;
}

const ENVELOPE_BYTES = 5;
const LAST_OF_CONNECT = 0x02;
const TRAILERS_OF_WEB = 0x80;

/** Puts a message in an envelope: a byte of marks, and its length. */
export function envelop(message: Uint8Array, marks = 0): Buffer {
  const envelope = Buffer.allocUnsafe(ENVELOPE_BYTES + message.length);
  envelope[0] = marks;
  envelope.writeUInt32BE(message.length, 1);
  envelope.set(message, ENVELOPE_BYTES);
  return envelope;
}

/** The framing of a content type; undefined for any that flagd's providers do not send. */
export function framingOf(contentType: string | undefined): Framing | undefined {
  if (contentType === undefined) return undefined;
  return FRAMINGS.get(contentType) ?? FRAMINGS.get(bare(contentType));
}

/** Whether a framing can stand in the request's version of HTTP. */
export function isSpokenOver({ needsHttp2 }: Framing, { httpVersionMajor }: Request): boolean {
  return !needsHttp2 || httpVersionMajor >= 2;
}

function bare(contentType: string): string {
  return (contentType.split(';', 1)[0] as string).trim().toLowerCase();
}

const FRAMINGS: ReadonlyMap<string, Framing> = new Map([
  ['application/grpc', grpc('application/grpc', 'proto')],
  ['application/grpc+proto', grpc('application/grpc+proto', 'proto')],
  ['application/grpc+json', grpc('application/grpc+json', 'json')],
  ['application/grpc-web', grpcWeb('application/grpc-web+proto', 'proto')],
  ['application/grpc-web+proto', grpcWeb('application/grpc-web+proto', 'proto')],
  ['application/grpc-web+json', grpcWeb('application/grpc-web+json', 'json')],
  ['application/proto', connect('application/proto', 'proto')],
  ['application/json', connect('application/json', 'json')],
  ['application/connect+proto', connectStream('application/connect+proto', 'proto')],
  ['application/connect+json', connectStream('application/connect+json', 'json')],
]);

const FINE = { 'grpc-status': '0' };
/** Said with every refusal: the message may have been compressed in another way. */
const ACCEPTED = { 'grpc-accept-encoding': 'identity,gzip' };

function grpc(type: string, codec: Codec): Framing {
  const head = { 'content-type': type };
  return {
    codec,
    needsHttp2: true,
    encodingHeader: 'grpc-encoding',
    answer: (reply, message) => {
      reply.writeHead(200, head);
      reply.addTrailers(FINE);
      reply.end(message);
    },
    open: (reply) => void reply.writeHead(200, head),
    close: (reply, fault) => {
      reply.addTrailers(fault ? fault.toGrpc() : FINE);
      reply.end();
    },
    // Without an answer, the trailers are the head. It must end the stream, so it is not written before the end.
    refuse: (reply, fault) => {
      const trailers = Object.entries({ ...head, ...ACCEPTED, ...fault.toGrpc() });
      for (const [name, value] of trailers) reply.setHeader(name, value);
      reply.end();
    },
  };
}

function grpcWeb(type: string, codec: Codec): Framing {
  const head = { 'content-type': type };
  const trailers = (fault?: CallFault) => {
    const lines = Object.entries(fault ? fault.toGrpc() : FINE).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return envelop(Buffer.from(lines.join('')), TRAILERS_OF_WEB);
  };
  return {
    codec,
    encodingHeader: 'grpc-encoding',
    answer: (reply, message) => {
      reply.writeHead(200, head);
      reply.end(Buffer.concat([message, trailers()]));
    },
    open: (reply) => void reply.writeHead(200, head),
    close: (reply, fault) => void reply.end(trailers(fault)),
    refuse: (reply, fault) => {
      reply.writeHead(200, { ...head, ...ACCEPTED });
      reply.end(trailers(fault));
    },
  };
}

function connect(type: string, codec: Codec): Framing {
  return {
    codec,
    only: 'unary',
    encodingHeader: 'content-encoding',
    answer: (reply, message) => {
      const body = message.subarray(ENVELOPE_BYTES);
      reply.writeHead(200, { 'content-type': type, 'content-length': body.length });
      reply.end(body);
    },
    open: () => undefined,
    close: () => undefined,
    refuse: refuseInJson,
  };
}

/** Connect's refusal of one answer, and what is said to those whose protocol is not known. */
export function refuseInJson(reply: Response, fault: CallFault): void {
  const body = Buffer.from(JSON.stringify(fault.toConnect()));
  reply.writeHead(fault.httpStatus, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(fault.retryAfterS !== undefined && { 'retry-after': fault.retryAfterS }),
  });
  reply.end(body);
}

function connectStream(type: string, codec: Codec): Framing {
  const head = { 'content-type': type };
  const last = (fault?: CallFault) =>
    envelop(Buffer.from(JSON.stringify(fault ? { error: fault.toConnect() } : {})), LAST_OF_CONNECT);
  return {
    codec,
    only: 'stream',
    encodingHeader: 'connect-content-encoding',
    answer: () => undefined,
    open: (reply) => void reply.writeHead(200, head),
    close: (reply, fault) => void reply.end(last(fault)),
    refuse: (reply, fault) => {
      reply.writeHead(200, head);
      reply.end(last(fault));
    },
  };
}
