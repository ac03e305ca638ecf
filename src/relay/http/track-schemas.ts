// The JSON Schemas of `POST /v1/track`, as openapi.json publishes them.
import {
  MOST_ID_CHARS,
  MOST_NAME_CHARS,
  MOST_PROPERTIES,
  MOST_TEXT_CHARS,
  MOST_UNIT_CHARS,
} from '../../model/event-limits.ts';
import { error, integer, text } from './schemas.ts';

const item = {
  type: 'object',
  required: ['event'],
  additionalProperties: false,
  properties: {
    event: {
      ...text,
      minLength: 1,
      maxLength: MOST_NAME_CHARS,
      description: 'What happened, as metrics name it.',
    },
    context: {
      type: 'object',
      additionalProperties: true,
      description:
        'As for evaluations. Only targetingKey and attributes that experiments split by are taken from it.',
    },
    unit: {
      ...text,
      minLength: 1,
      maxLength: MOST_UNIT_CHARS,
      description: 'The targetingKey, instead of a context.',
    },
    value: { type: 'number' },
    properties: {
      type: 'object',
      maxProperties: MOST_PROPERTIES,
      description: 'Numbers, booleans and short texts. No personal data.',
      additionalProperties: {
        anyOf: [{ type: 'number' }, { type: 'boolean' }, { ...text, maxLength: MOST_TEXT_CHARS }],
      },
    },
    id: {
      ...text,
      minLength: 1,
      maxLength: MOST_ID_CHARS,
      description: 'Of the app, so that an event that is sent twice counts once. Made up if it is left out.',
    },
    at: {
      anyOf: [{ ...text, format: 'date-time' }, { type: 'number' }],
      description:
        'When it happened: RFC 3339 or epoch milliseconds, up to 5 minutes ahead and 30 days back. Now if it is left out.',
    },
  },
  examples: [{ event: 'purchase', context: { targetingKey: 'user-1' }, properties: { amount: 49.9 } }],
} as const;

export const trackBody = {
  description: 'One event, or a list of up to 1,000.',
  anyOf: [item, { type: 'array', items: item, maxItems: 1_000 }],
};

const tracked = {
  type: 'object',
  required: ['accepted'],
  properties: {
    accepted: { ...integer, description: 'How many are taken; with --spool, they are on the disk.' },
    dropped: {
      ...integer,
      description: 'How many have a personal unit, of which the relay has no key to tell.',
    },
    refused: {
      type: 'array',
      items: {
        type: 'object',
        required: ['index', 'code', 'reason'],
        properties: { index: integer, code: text, reason: text },
      },
    },
  },
} as const;

export const trackAnswer = { description: 'What was taken, and what is wrong with the others.', ...tracked };
export const nothingTracked = {
  ...error,
  description: 'The body is no event and no list, or no event in it is well-formed: `refused` says why.',
  properties: { ...error.properties, ...tracked.properties },
};
