// openapi.json and the page to try it: made of the table of routes by an app of its own, which is loaded when first asked for.
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance } from 'fastify';
import type { RelayCore } from '../core.ts';
import { Refusing } from './errors.ts';
import { RefusalPace } from './refusal-pace.ts';
import { type Route, withoutCompilers } from './route.ts';
import { error } from './schemas.ts';

/** An app that serves /openapi.json and /docs for the routes. */
export async function createDocs(routes: readonly Route[], relay: RelayCore): Promise<FastifyInstance> {
  const app = fastify({ logger: false, schemaController: withoutCompilers });
  const refusing = new Refusing(relay, RefusalPace.ofClosing());
  app.setErrorHandler(refusing.error);
  app.setNotFoundHandler(refusing.notFound);
  // The schemas are published, not run.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Halyard relay',
        version: relay.version,
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
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null },
    staticCSP: true,
    // The relay speaks HTTP; told to upgrade, a browser would look for the page's parts on HTTPS.
    transformStaticCSP: (header) => header.replace(/ *upgrade-insecure-requests;?/, ''),
  });
  await app.register(async (described) => {
    for (const { method, url, operationId, summary, tag, schema } of routes) {
      described.route({
        method,
        url,
        exposeHeadRoute: false,
        schema: {
          ...schema,
          response: { ...schema.response, default: error },
          operationId,
          summary,
          tags: [tag],
        },
        handler: async () => ({}),
      });
    }
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}
