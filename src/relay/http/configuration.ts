// What is served, as data: the catalogue of flags, and the whole snapshot for other relays and in-process SDKs.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesTag, type RelayCore, weakTag } from '../core.ts';
import type { Served } from '../snapshot-store.ts';
import { snapshotText } from '../snapshot-text.ts';
import { sendNotReady } from './evaluate.ts';
import { type Handler, sendJson } from './route.ts';

/** `GET /v1/flags`: key, type, variations, description, owner and expiry of every flag. */
export function listFlags(relay: RelayCore): Handler {
  const texts = new WeakMap<Served['snapshot'], string>();
  return (request, reply) => {
    const { served } = relay.store;
    if (!served) return void sendNotReady(request, reply);
    const { snapshot } = served;
    if (isKnown(request, reply, snapshot, 'flags')) return;
    const text = texts.get(snapshot) ?? catalogue(snapshot);
    texts.set(snapshot, text);
    sendJson(reply, text);
  };
}

function catalogue({ project, environment, revision, commit, definitions }: Served['snapshot']): string {
  const flags = definitions.flatMap((row) => {
    if (row.kind !== 'flag') return [];
    const { type, variations, description, owner, expires, enabled } = row.body;
    return [{ key: row.key, type, enabled, variations, description, owner, expires }];
  });
  return JSON.stringify({ project, environment, revision, commit, flags });
}

type Encoding = 'br' | 'gzip' | 'identity';

const compressors: { [encoding in Exclude<Encoding, 'identity'>]: (text: Buffer) => Promise<Buffer> } = {
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (text) => promisify(gzip)(text),
};

/** `GET /v1/snapshot`: compressed once a snapshot, on zlib's own threads. */
export function sendSnapshot(relay: RelayCore): Handler {
  const bodies = new WeakMap<Served['snapshot'], Map<Encoding, Promise<Buffer>>>();
  return async (request, reply) => {
    const { served } = relay.store;
    if (!served) return void sendNotReady(request, reply);
    const { snapshot } = served;
    reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '));
    if (isKnown(request, reply, snapshot, 'snapshot')) return;
    const encoding = chosenEncoding(request.headers['accept-encoding']);
    const known = bodies.get(snapshot) ?? new Map<Encoding, Promise<Buffer>>();
    bodies.set(snapshot, known);
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    sendJson(reply, await bodyIn(encoding, snapshot, known));
  };
}

function bodyIn(
  encoding: Encoding,
  snapshot: Served['snapshot'],
  known: Map<Encoding, Promise<Buffer>>,
): Promise<Buffer> {
  const ready = known.get(encoding);
  if (ready) return ready;
  const body =
    encoding === 'identity'
      ? snapshotText(snapshot).then((text) => Buffer.from(text))
      : bodyIn('identity', snapshot, known).then(compressors[encoding]);
  known.set(encoding, body);
  return body;
}

function isKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  snapshot: Served['snapshot'],
  what: string,
): boolean {
  const { project, environment, revision, digest, entryHash } = snapshot;
  const tag = weakTag([what, project, environment, revision, digest, entryHash].join(' '));
  reply.header('etag', tag).header('cache-control', 'no-cache');
  if (!matchesTag(request.headers['if-none-match'], tag)) return false;
  reply.code(304).send();
  return true;
}

/** The best of what the client accepts: brotli, then gzip; `q=0` refuses one (RFC 9110 §12.5.3). */
export function chosenEncoding(header: string | string[] | undefined): Encoding {
  const accepted = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
        const q = parameters.find((parameter) => parameter.startsWith('q='));
        return [coding, q === undefined || Number(q.slice(2)) > 0] as const;
      }),
  );
  return (['br', 'gzip'] as const).find((coding) => accepted.get(coding) ?? accepted.get('*')) ?? 'identity';
}
