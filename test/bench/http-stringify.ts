// The same decisions through JSON.stringify: fastify, our engine, and an answer that is made as a whole for each request.
import { resolve } from 'node:path';
import fastify from 'fastify';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import { readFolder } from '../../src/io/folder.ts';
import type { Context } from '../../src/model/context.ts';
import type { Decision } from '../../src/model/decision.ts';
import { calls } from './http-calls.ts';

interface Body {
  context: Context;
  flags?: string[];
}

/**
 * Resolves to its address. All that differs from the relay is how an answer becomes text: what stands in it is the same
 * objects each time, so that they need not even be made. It computes no entity tag.
 */
export async function fastifyWithStringify(folder: string): Promise<string> {
  const { definitions } = loadDefinitions(await readFolder(resolve(folder)));
  if (!definitions) throw new Error('the definitions do not load');
  const snapshot = snapshotOf(definitions, 'prod', 1);
  const ruleset = compile(snapshot);
  const { project, environment, revision } = snapshot;
  const items = new Map<Decision, object>();
  const itemOf = (decision: Decision): object => {
    const known = items.get(decision);
    if (known) return known;
    const { flag: key, value, variation: variant, reason, metadata } = decision;
    const item = { key, reason, variant, value, metadata };
    items.set(decision, item);
    return item;
  };
  const eventStreams = [{ type: 'sse', endpoint: { requestUri: '/ofrep/v1/events' } }];
  const app = fastify({ logger: false });
  app.post<{ Body: Body }>(calls.all.path, ({ body }, reply) => {
    const flags = evaluateAll(ruleset, body.context, Date.now()).map(itemOf);
    const metadata = { project, environment, revision };
    reply
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ flags, eventStreams, metadata }));
  });
  app.post<{ Body: Body }>(calls.twenty.path, ({ body }, reply) => {
    const flags: { [key: string]: Decision } = {};
    for (const decision of evaluateAll(ruleset, body.context, Date.now(), body.flags))
      flags[decision.flag] = decision;
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify({ revision, flags }));
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
}
