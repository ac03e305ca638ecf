// openapi.json, made of the table of routes.
import type { Route } from './routes.ts';
import { answers } from './schemas.ts';

/** The OpenAPI 3.1 description of the collector. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: { [url: string]: { [method: string]: object } } = {};
  for (const route of routes) {
    paths[route.url] = { ...paths[route.url], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Halyard collector',
      version,
      description: 'Takes events of experiments. Every error is `{ "errorCode", "errorDetails" }`.',
      license: { name: 'Apache-2.0' },
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
    security: [{}, { bearer: [] }, { apiKey: [] }],
    paths,
  };
}

function operation({ operationId, summary, query, body, answer }: Route): object {
  const type = answer === answers.text ? 'text/plain' : 'application/json';
  return {
    operationId,
    summary,
    ...(query && { parameters: Object.entries(query).map(([name, text]) => parameter(name, text)) }),
    ...(body && { requestBody: { required: true, content: { 'application/x-ndjson': { schema: body } } } }),
    responses: {
      200: { description: 'The answer.', content: { [type]: { schema: answer } } },
      default: { description: 'A fault.', content: { 'application/json': { schema: answers.error } } },
    },
  };
}

function parameter(name: string, description: string): object {
  const required = name.endsWith('!');
  return { name: name.replace('!', ''), in: 'query', required, description, schema: { type: 'string' } };
}
