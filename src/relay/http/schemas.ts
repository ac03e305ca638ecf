// The JSON Schemas of evaluate calls and their answers, and of what all routes share, as openapi.json publishes them.

export const text = { type: 'string' } as const;
export const integer = { type: 'integer' } as const;
const anyValue = { description: 'Any JSON value but null.' } as const;

const context = {
  type: 'object',
  description: 'What the app says about the subject: `targetingKey` and attributes.',
  additionalProperties: true,
  properties: { targetingKey: text },
  examples: [{ targetingKey: 'user-1', country: 'US' }],
} as const;

const metadata = {
  type: 'object',
  properties: {
    environment: text,
    revision: integer,
    commit: text,
    rule: { type: 'string', description: "The rule's name, or `#2` for the second one if it has none." },
    experiment: text,
    arm: text,
    requires: { type: 'string', description: 'The required flag that did not give the required variation.' },
    override: { type: 'string', description: 'Until when an emergency override stands.' },
  },
} as const;

const decision = {
  type: 'object',
  required: ['flag', 'reason', 'metadata'],
  properties: {
    flag: text,
    value: { ...anyValue, description: "Left out where the app's own default stands." },
    variation: text,
    reason: { enum: ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'] },
    errorCode: { enum: ['FLAG_NOT_FOUND', 'TARGETING_KEY_MISSING', 'PROVIDER_NOT_READY', 'INVALID_CONTEXT'] },
    metadata,
  },
} as const;

const retryAfter = {
  'retry-after': { ...integer, description: 'In how many seconds to ask again.' },
} as const;
/** Of answers that `if-none-match` may be asked with. */
export const etag = { etag: { ...text, description: 'Weak: the same for what means the same.' } } as const;

export const error = {
  description: 'What is wrong with the request. It never repeats the request.',
  type: 'object',
  required: ['errorCode'],
  properties: { key: text, errorCode: text, errorDetails: text },
} as const;

export const tooManyCalls = {
  ...error,
  description: 'More evaluate calls came than --rate-limit allows.',
  headers: retryAfter,
} as const;

export const unavailable = {
  ...error,
  description:
    'Nothing is wrong with the request: too much is under way, the relay stops, or it has no snapshot yet.',
  headers: retryAfter,
} as const;

export const flagParam = {
  type: 'object',
  required: ['flag'],
  properties: { flag: { type: 'string', maxLength: 1024 } },
};
export const keyParam = {
  type: 'object',
  required: ['key'],
  properties: { key: { type: 'string', maxLength: 1024 } },
};
export const ifNoneMatch = { type: 'object', properties: { 'if-none-match': text } };
export const lastEventId = { type: 'object', properties: { 'last-event-id': text } };
export const notModified = {
  description: 'What the client has is still right.',
  type: 'null',
  headers: etag,
};
export const eventStream = {
  description: 'Server-sent events.',
  content: { 'text/event-stream': { schema: text } },
};

export const contextBody = { type: 'object', properties: { context } };
export const evaluateBody = {
  type: 'object',
  properties: {
    context,
    default: { ...anyValue, description: 'Fills a missing value. The reason stays what it is.' },
  },
};
export const evaluateManyBody = {
  type: 'object',
  properties: {
    context,
    flags: {
      type: 'array',
      items: text,
      description: 'Every flag, if left out. At most 1,000 that there are not.',
    },
  },
};
export const ofrepBody = { type: 'object', required: ['context'], properties: { context } };
export const ofrepQuery = {
  type: 'object',
  properties: { flagConfigEtag: text, flagConfigLastModified: text },
};

export const decisionAnswer = { description: 'The decision.', ...decision };
export const decisionsAnswer = {
  description: 'All decisions are of one revision.',
  type: 'object',
  properties: { revision: integer, commit: text, flags: { type: 'object', additionalProperties: decision } },
};
export const explanationAnswer = {
  description: 'The decision with each step that was taken.',
  type: 'object',
  additionalProperties: true,
};

const ofrepFailure = {
  type: 'object',
  required: ['key', 'errorCode'],
  properties: { key: text, errorCode: text, errorDetails: text, metadata },
} as const;
const ofrepSuccess = {
  type: 'object',
  required: ['key', 'reason'],
  properties: { key: text, reason: text, variant: text, value: anyValue, metadata },
} as const;
export const ofrepFailureAnswer = {
  description: 'The flag is unknown, or could not be evaluated.',
  ...ofrepFailure,
};
export const ofrepAnswer = { description: "Without `value` the app's own default stands.", ...ofrepSuccess };
export const ofrepBulkAnswer = {
  description: 'All flags of the environment.',
  headers: etag,
  type: 'object',
  required: ['flags'],
  properties: {
    flags: { type: 'array', items: { anyOf: [ofrepSuccess, ofrepFailure] } },
    eventStreams: { type: 'array', items: { type: 'object', additionalProperties: true } },
    metadata: { type: 'object', additionalProperties: true },
  },
};

/** What calls that evaluate may answer, besides what they are for. */
export const evaluation = { 400: error, 429: tooManyCalls, 503: unavailable };
