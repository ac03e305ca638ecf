// Judges answers by the relay's own contract: each status of a route has a schema in openapi.json, and every error has one shape.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FuzzedAnswer } from './fuzz-client.ts';

interface Contract {
  paths: { [path: string]: { [method: string]: { responses: { [status: string]: Described } } } };
}
interface Described {
  content?: { 'application/json'?: { schema: object } };
}

const ajv = new Ajv2020({ strict: false });
const anError = ajv.compile({
  type: 'object',
  required: ['errorCode', 'errorDetails'],
  properties: {
    key: { type: 'string' },
    errorCode: { type: 'string' },
    errorDetails: { type: 'string' },
    metadata: {},
  },
  additionalProperties: false,
});
/** Words of the framework, of stacks and of the engine's errors. */
const LEAKS = /FST_|node_modules|\bat \S+ \(|SyntaxError|TypeError|Unexpected token/;

/** Returns a function that says what is wrong with an answer; empty where it is right. */
export function judgeBy(
  contract: Contract,
): (answer: FuzzedAnswer, request?: { method: string; target: string }) => string[] {
  const compiled = new Map<object, ValidateFunction>();
  const routes = Object.entries(contract.paths).flatMap(([path, methods]) => {
    const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/?]+')}$`);
    return Object.entries(methods).map(([method, { responses }]) => ({ method, pattern, responses }));
  });
  const schemaOf = ({ method, target }: { method: string; target: string }, status: number) => {
    const [path = ''] = target.split('?');
    const route = routes.find((each) => each.method === method.toLowerCase() && each.pattern.test(path));
    return route?.responses[status]?.content?.['application/json']?.schema;
  };
  return (answer, request) => {
    const { status, headers, text } = answer;
    if (status >= 500 && status !== 503) return [`answered ${status}`];
    if (LEAKS.test(text) && status >= 400) return ['tells of its inside'];
    if (text === '' || !headers.get('content-type')?.startsWith('application/json')) {
      return status >= 400 && text !== '' ? [`an error that is ${headers.get('content-type')}`] : [];
    }
    const body = parsed(text);
    if (body === undefined) return [`answered what is no JSON: ${text.slice(0, 200)}`];
    // What is no HTTP belongs to no route.
    const isUnrouted = status === 400 && headers.get('connection') === 'close' && anError(body);
    const schema = isUnrouted ? undefined : request && schemaOf(request, status);
    if (!schema) return status >= 400 && !anError(body) ? faultsOf(anError) : [];
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    return validate(body) ? [] : faultsOf(validate);
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultsOf({ errors }: ValidateFunction): string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
