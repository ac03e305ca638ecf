// openapi.json and the page to try it: made of the table of routes by an app of its own, which is loaded when first asked for.
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance } from 'fastify';
import type { Route } from './route.ts';

/** An app that serves /openapi.json and /docs for the routes. */
export async function createDocs(routes: readonly Route[], version: string): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    // The schemas are published, not run.
    schemaController: {
      compilersFactory: {
        buildValidator: () => () => () => true,
        buildSerializer: () => () => JSON.stringify,
      },
    },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Halyard relay',
        version,
        description: 'Answers evaluations from memory. Every error is `{ "errorCode", "errorDetails" }`.',
        license: { name: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      },
      security: [{}, { bearer: [] }, { apiKey: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, logLevel: 'silent' });
  await app.register(async (described) => {
    for (const { method, url, operationId, summary, tag, schema } of routes) {
      described.route({
        method,
        url,
        schema: { ...schema, operationId, summary, tags: [tag] },
        handler: async () => ({}),
      });
    }
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}
