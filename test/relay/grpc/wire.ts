// Calls over HTTP/2, written by hand.
import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { create, toBinary } from '@bufbuild/protobuf';
import { ResolveBooleanRequestSchema } from '../../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';

export const PATH = '/flagd.evaluation.v2.Service/ResolveBoolean';

/** Puts a message in an envelope: marks, length, message. */
export const envelop = (message: Uint8Array, marks = 0) => {
  const head = Buffer.alloc(5);
  head[0] = marks;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
};
/** A call for a boolean flag. */
export const asking = (flagKey: string, context = {}) =>
  Buffer.from(
    toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, { flagKey, context })),
  );

export interface Told {
  status: number | undefined;
  grpc: string | undefined;
  message: string | undefined;
  accepts: string | undefined;
}

/** One call over HTTP/2, written by hand. The body is not ended where `open`. */
export function call(
  url: string,
  body: Buffer,
  headers: OutgoingHttpHeaders = {},
  open = false,
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    session.once('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    let told: IncomingHttpHeaders & { ':status'?: number } = {};
    stream.on('response', (head) => Object.assign(told, head));
    stream.on('trailers', (trailers) => Object.assign(told, trailers));
    stream.on('error', () => undefined);
    stream.resume();
    stream.once('close', () => {
      session.destroy();
      resolve({
        status: told[':status'],
        grpc: told['grpc-status'] as string | undefined,
        message: told['grpc-message'] as string | undefined,
        accepts: told['grpc-accept-encoding'] as string | undefined,
      });
    });
    stream.write(body);
    if (!open) stream.end();
    told = {};
  });
}
