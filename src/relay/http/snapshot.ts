// The snapshot as data, for other relays and in-process SDKs: the whole, or what changed since a revision.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Snapshot } from '../../model/snapshot.ts';
import type { RelayCore } from '../core.ts';
import { snapshotText } from '../snapshot-text.ts';
import { isKnown } from './configuration.ts';
import { RequestFault } from './errors.ts';
import { sendNotReady } from './evaluate.ts';
import { lookUp, tellFreshness } from './freshness.ts';
import type { Handler } from './handler.ts';
import { sendJson } from './route.ts';
import { PastSnapshots } from './snapshot-changes.ts';

type Encoding = 'br' | 'gzip' | 'identity';

const compressors: { [encoding in Exclude<Encoding, 'identity'>]: (text: Buffer) => Promise<Buffer> } = {
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (text) => promisify(gzip)(text),
};
/** Changes below this are not worth to be compressed. */
const SMALL_BYTES = 2_048;
/** Bodies of one snapshot that are kept: relays that follow ask after the same few revisions. */
const MOST_BODIES = 16;

/** `GET /v1/snapshot`: each body is made once a snapshot, in slices, and compressed on zlib's own threads. */
export function sendSnapshot(relay: RelayCore): Handler {
  const bodies = new WeakMap<Snapshot, Map<string, Promise<Buffer>>>();
  const past = new PastSnapshots(relay.store);
  return async (request, reply) => {
    const { after, witness } = questionOf(request.query);
    const witnessed = await lookUp(relay, witness);
    // From here on all is of one instant.
    const { served } = relay.store;
    if (!served) return void sendNotReady(request, reply);
    const { snapshot } = served;
    tellFreshness(relay, reply, witnessed);
    reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '));
    if (isKnown(request, reply, snapshot, 'snapshot')) return;
    const known = bodies.get(snapshot) ?? new Map<string, Promise<Buffer>>();
    bodies.set(snapshot, known);
    const make = () =>
      snapshotText(after === undefined ? snapshot : (past.changesSince(after, snapshot) as Snapshot));
    const plain = await kept(known, `${after}`, async () => Buffer.from(await make()));
    const isSmall = after !== undefined && plain.length < SMALL_BYTES;
    const encoding = isSmall ? 'identity' : chosenEncoding(request.headers['accept-encoding']);
    if (encoding === 'identity') return sendJson(reply, plain);
    reply.header('content-encoding', encoding);
    sendJson(reply, await kept(known, `${after} ${encoding}`, () => compressors[encoding](plain)));
  };
}

interface Question {
  /** Only what changed after this revision is asked for. */
  after: number | undefined;
  /** What the chain holds for this entry is asked for. */
  witness: number | undefined;
}

function questionOf(query: unknown): Question {
  const { after, witness } = query as { [name: string]: unknown };
  return { after: countOf('after', after), witness: countOf('witness', witness) };
}

function countOf(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new RequestFault(400, 'GENERAL', `\`${name}\` is a whole number.`);
}

function kept(
  bodies: Map<string, Promise<Buffer>>,
  name: string,
  make: () => Promise<Buffer>,
): Promise<Buffer> {
  const known = bodies.get(name);
  if (known) return known;
  const body = make();
  if (bodies.size >= MOST_BODIES) for (const oldest of [...bodies.keys()].slice(0, 1)) bodies.delete(oldest);
  bodies.set(name, body);
  return body;
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
