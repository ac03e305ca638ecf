// Calls for one flag, which are most of all: answered before the framework sees them, since it takes a seventh of all the time.
// Whatever is unusual about one goes the framework's way, which knows what to say.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { RelayCore } from '../core.ts';
import { LARGE_BYTES } from '../large/bodies.ts';
import { collectParts, keepParts } from './body-parts.ts';
import type { HostFault } from './guard.ts';
import type { DecideOne, Handler, OneAnswer } from './handler.ts';
import { bodyOf, isEncoded, isJson, smallBody } from './json-body.ts';
import { type Load, waitsToBeRead } from './load.ts';
import { JSON_TYPE, type Route, sendJson } from './route.ts';
import { tellToClose } from './turns.ts';

/** How a route is served whose address ends with the flag's key. */
export function singleFlag(decide: DecideOne): Pick<Route, 'decide' | 'handler'> {
  const handler: Handler = (request, reply) => {
    const { key, flag } = request.params as { key?: string; flag?: string };
    const { status, json } = decide(key ?? flag ?? '', bodyOf(request));
    sendJson(reply.code(status), json);
  };
  return { decide, handler };
}

export interface ShortcutOptions {
  hostFaultOf: HostFault;
  isOfSocket?: ((socket: Socket) => boolean) | undefined;
  load: Load;
}

/** Where keys are written as they are. */
const PLAIN_KEY = /^[\w-][\w.-]{0,999}$/;

/** A listener that answers usual calls for one flag itself, and has `others` answer the rest. */
export function shortcut(
  relay: Pick<RelayCore, 'large' | 'isStopping'>,
  routes: readonly Pick<Route, 'url' | 'decide'>[],
  { hostFaultOf, isOfSocket, load }: ShortcutOptions,
): (others: RequestListener) => RequestListener {
  const decisions = new Map(
    routes.flatMap(({ url, decide }) => (decide ? [[folderOf(url), decide] as const] : [])),
  );
  const isUsual = (request: IncomingMessage) => {
    const { headers, socket } = request;
    const bytes = Number(headers['content-length']);
    return (
      bytes > 0 &&
      bytes <= LARGE_BYTES &&
      isJson(headers) &&
      !isEncoded(headers) &&
      (isOfSocket?.(socket) || !hostFaultOf(request))
    );
  };
  return (others) => (request, response) => {
    const { url = '' } = request;
    const folder = folderOf(url);
    const decide = request.method === 'POST' ? decisions.get(folder) : undefined;
    const key = url.slice(folder.length);
    if (!decide || !PLAIN_KEY.test(key) || !isUsual(request) || !load.begin(request.socket)) {
      return others(request, response);
    }
    collectParts(request, (fault, parts) => {
      load.end();
      const answer = fault ? undefined : attempt(() => decide(key, smallBody(relay, parts)));
      if (!answer) {
        keepParts(request, fault, parts);
        return others(request, response);
      }
      const { status, json } = answer;
      // Asked again, since a body may take its time.
      if (relay.isStopping()) tellToClose(request, response);
      waitsToBeRead(request.socket, response, json.length);
      response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(json) });
      response.end(json);
    });
  };
}

/** An address up to its last part. */
function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf('/') + 1);
}

/** The answer, or undefined where it is another than usual. */
function attempt(decide: () => OneAnswer): OneAnswer | undefined {
  try {
    return decide();
  } catch {
    return undefined;
  }
}
