// A bare fastify server with a schema for each body and each answer: it validates, evaluates nothing, and serialises by the schema.
import fastify from 'fastify';
import { calls } from './http-calls.ts';

const text = { type: 'string' } as const;
const metadata = {
  type: 'object',
  properties: { environment: text, revision: { type: 'integer' }, rule: text },
} as const;
const decision = {
  type: 'object',
  properties: { flag: text, value: { type: 'boolean' }, variation: text, reason: text, metadata },
} as const;
const body = {
  type: 'object',
  required: ['context'],
  properties: {
    context: { type: 'object', properties: { targetingKey: text }, additionalProperties: true },
    flags: { type: 'array', items: text },
  },
} as const;

const routes = [
  { call: calls.one, url: '/v1/evaluate/:flag', answer: decision },
  {
    call: calls.oneOfrep,
    url: '/ofrep/v1/evaluate/flags/:key',
    answer: {
      type: 'object',
      properties: { key: text, reason: text, variant: text, value: { type: 'boolean' }, metadata },
    },
  },
  {
    call: calls.twenty,
    url: '/v1/evaluate',
    answer: {
      type: 'object',
      properties: {
        revision: { type: 'integer' },
        flags: { type: 'object', additionalProperties: decision },
      },
    },
  },
];

/** Resolves to its address. It answers what the relay answered, which is given as texts by path. */
export async function fastifyWithSchemas(answers: { [path: string]: string }): Promise<string> {
  const app = fastify({ logger: false });
  for (const { call, url, answer } of routes) {
    const given = JSON.parse(answers[call.path] ?? 'null') as unknown;
    app.post(url, { schema: { body, response: { 200: answer } } }, (_request, reply) => {
      reply.send(given);
    });
  }
  return app.listen({ host: '127.0.0.1', port: 0 });
}
