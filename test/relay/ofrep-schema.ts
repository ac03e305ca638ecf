// The answers that OFREP 0.3.0 allows (open-feature/protocol, service/openapi.yaml), as JSON Schemas.
// The published file refuses its own examples; mended here: a value matches one type only (integers are no floats, and
// "the app's own default" is the absence of a value), DEFAULT is a reason, a bulk item may be FLAG_NOT_FOUND, and an
// object flag may hold a list.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const key = { type: 'string' };
const errorDetails = { type: 'string' };
const metadata = {
  type: 'object',
  additionalProperties: { oneOf: [{ type: 'boolean' }, { type: 'string' }, { type: 'number' }] },
};
const withValue = (value: object) => ({ type: 'object', required: ['value'], properties: { value } });

const success = {
  type: 'object',
  required: ['key', 'reason'],
  properties: {
    key,
    reason: { enum: ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'UNKNOWN'] },
    variant: { type: 'string' },
    metadata,
  },
  oneOf: [
    withValue({ type: 'boolean' }),
    withValue({ type: 'string' }),
    withValue({ type: 'integer' }),
    withValue({ type: 'number', not: { type: 'integer' } }),
    withValue({ type: ['object', 'array'] }),
    { not: { required: ['value'] } },
  ],
};
const failureWith = (errorCode: object) => ({
  type: 'object',
  required: ['key', 'errorCode'],
  properties: { key, errorCode, errorDetails, metadata },
  not: { anyOf: [{ required: ['value'] }, { required: ['reason'] }] },
});
const failure = failureWith({ enum: ['PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT', 'GENERAL'] });
const notFound = failureWith({ const: 'FLAG_NOT_FOUND' });

const eventStream = {
  type: 'object',
  required: ['type'],
  oneOf: [{ required: ['url'] }, { required: ['endpoint'] }],
  properties: {
    type: { const: 'sse' },
    url: { type: 'string' },
    endpoint: {
      type: 'object',
      required: ['requestUri'],
      properties: { origin: { type: 'string' }, requestUri: { type: 'string', pattern: '^/' } },
    },
    inactivityDelaySec: { type: 'integer', minimum: 1 },
  },
};
const bulk = {
  type: 'object',
  required: ['flags'],
  properties: {
    flags: { type: 'array', items: { oneOf: [success, failure, notFound] } },
    eventStreams: { type: 'array', items: eventStream },
    metadata,
  },
};
const bulkFailure = {
  type: 'object',
  required: ['errorCode'],
  properties: { errorCode: { type: 'string' }, errorDetails },
};

const ajv = new Ajv2020({ allErrors: true, strict: false });
/** The file describes no body of these; clients read an error code where there is one. */
const refused = { ...bulkFailure, not: { anyOf: [{ required: ['value'] }, { required: ['flags'] }] } };
const answers = {
  single: { 200: success, 400: failure, 404: notFound, 429: refused, 503: refused },
  bulk: { 200: bulk, 400: bulkFailure, 429: refused, 503: refused },
};
const compiled = new Map<object, ValidateFunction>();

/** What is wrong with an answer; empty where OFREP allows it. */
export function ofrepFaults(kind: 'single' | 'bulk', status: number, body: unknown): string[] {
  const schema = (answers[kind] as { [status: number]: object })[status];
  if (!schema) return [`no answer of status ${status}`];
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
