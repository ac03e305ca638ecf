// What is served, as a catalogue of flags, and with which entity tag.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesTag, type RelayCore, weakTag } from '../core.ts';
import type { Served } from '../snapshot-store.ts';
import { sendNotReady } from './evaluate.ts';
import type { Handler } from './handler.ts';
import { sendJson } from './route.ts';

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

/** Whether the client has what is served; it is then answered 304. */
export function isKnown(
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
