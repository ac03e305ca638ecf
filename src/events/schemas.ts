// JSON Schemas of what the collector takes and answers, for openapi.json.
import { REFUSAL_CODES } from './counters.ts';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const instant = { type: 'string', format: 'date-time' };

function object(properties: { [name: string]: object }, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties };
}

const common = { id: text, environment: text, atMs: { type: 'integer', description: 'Epoch milliseconds.' } };

/** One line of a body. */
export const ndjson = {
  description: 'NDJSON: one of these a line, UTF-8; content-encoding gzip or identity.',
  oneOf: [
    object(
      {
        ...common,
        type: { const: 'exposure' },
        experiment: text,
        arm: text,
        unitAttribute: text,
        unit: text,
        revision: count,
      },
      ['revision'],
    ),
    object(
      {
        ...common,
        type: { const: 'track' },
        event: text,
        units: { type: 'object', additionalProperties: text, minProperties: 1 },
        value: { type: 'number' },
        properties: { type: 'object', additionalProperties: { type: ['number', 'boolean', 'string'] } },
      },
      ['value', 'properties'],
    ),
  ],
};

const assignment = object({
  unit: text,
  unitAttribute: text,
  arm: text,
  at: instant,
  revision: { type: ['integer', 'null'] },
  crossover: { oneOf: [object({ arm: text, at: instant }), { type: 'null' }] },
});

export const answers = {
  receipt: object({
    counted: { ...count, description: 'Events that count from now on.' },
    duplicates: { ...count, description: 'Events that had been counted before.' },
    refused: {
      type: 'array',
      items: object({
        index: { ...count, description: 'The line, from 0.' },
        code: { enum: REFUSAL_CODES },
        reason: text,
      }),
    },
  }),
  assignments: object(
    {
      project: text,
      environment: text,
      experiment: text,
      assignments: { type: 'array', items: assignment },
      after: { ...text, description: 'Ask again with ?after= for the next page; absent on the last one.' },
    },
    ['after'],
  ),
  status: { type: 'object' },
  probe: { type: 'object' },
  text,
  error: object({ errorCode: text, errorDetails: text }),
};
