// The JSON Schemas of what tells of the configuration and of the relay itself, as openapi.json publishes them.

import { AGE, STALE, WITNESS, WITNESSED } from './freshness.ts';
import { etag, integer, notModified, text } from './schemas.ts';

const flagEntry = {
  type: 'object',
  properties: {
    key: text,
    type: { enum: ['boolean', 'string', 'number', 'json'] },
    enabled: { type: 'boolean' },
    variations: { type: 'object', additionalProperties: true },
    description: text,
    owner: text,
    expires: text,
  },
} as const;
export const flagsAnswer = {
  description: 'The catalogue of this environment.',
  headers: etag,
  type: 'object',
  properties: {
    project: text,
    environment: text,
    revision: integer,
    commit: text,
    flags: { type: 'array', items: flagEntry },
  },
};
export const snapshotQuery = {
  type: 'object',
  properties: {
    after: {
      ...integer,
      description:
        'Only the definitions that changed after this revision. The answer then has `after` and `removed`; laid over ' +
        'the snapshot of that revision it has the digest that it names, else ask for the whole.',
    },
    witness: {
      ...integer,
      description: `An audit entry, whose hash in the chain the header \`${WITNESSED}\` tells.`,
    },
  },
};
const freshness = {
  [AGE]: {
    ...integer,
    description: 'Milliseconds since the source of all confirmed it; absent where it never did.',
  },
  [STALE]: { ...text, description: 'Why it may be out of date, in a word; absent where it is not.' },
  [WITNESS]: {
    ...text,
    description: 'The last audit entry that was seen: its number, a space and its hash.',
  },
  [WITNESSED]: {
    ...text,
    description: 'The hash that the chain holds for `?witness`, or `none`; absent where that is not known.',
  },
};
/** The client's snapshot is this one, and may have been confirmed since. */
export const snapshotNotModified = { ...notModified, headers: { ...etag, ...freshness } };
export const snapshotAnswer = {
  description: 'All that a relay needs. Headers tell a relay behind this one how fresh it is.',
  headers: { ...etag, ...freshness },
  type: 'object',
  additionalProperties: true,
  properties: {
    project: text,
    environment: text,
    revision: integer,
    commit: text,
    digest: text,
    entry: integer,
    entryHash: text,
    after: integer,
    removed: { type: 'array', items: { type: 'object', properties: { kind: text, key: text } } },
    definitions: { type: 'array', items: { type: 'object', additionalProperties: true } },
  },
};
const lastError = {
  description: 'What is wrong now, and since when.',
  type: 'object',
  properties: { code: text, message: text, since: text },
} as const;
export const statusAnswer = {
  description: 'What is served, from where, and how old it is.',
  type: 'object',
  additionalProperties: true,
  properties: {
    project: text,
    environment: text,
    ready: { type: 'boolean' },
    revision: integer,
    commit: text,
    digest: text,
    entry: { ...integer, description: 'The audit entry that made what is served.' },
    entryHash: text,
    flags: { ...integer, description: 'How many are served.' },
    overrides: { type: 'array', items: { type: 'object', additionalProperties: true } },
    fromCache: {
      description: 'True while what is served comes from --cache, and no source has confirmed it.',
      type: 'boolean',
    },
    stale: { description: 'True where the source may hold something newer.', type: 'boolean' },
    ageMs: { ...integer, description: 'Since the source last confirmed what is served.' },
    source: {
      type: 'object',
      properties: {
        kind: { enum: ['postgres', 'directory', 'upstream'] },
        state: { enum: ['starting', 'current', 'faulty'] },
        lastError,
      },
    },
    cache: {
      description: 'There while what is served cannot be written to --cache.',
      type: 'object',
      properties: { state: text, lastError },
    },
    witness: {
      description: "The last entry of the project's audit chain that this relay has seen.",
      type: 'object',
      properties: { entry: integer, hash: text },
    },
    rewound: {
      description: 'True while the chain of the source lacks that entry, so that nothing is taken from it.',
      type: 'boolean',
    },
    workers: {
      description:
        'With --workers: how many are to answer, how many do, and how many ended without being asked to.',
      type: 'object',
      properties: { wanted: integer, up: integer, lost: integer },
    },
    events: {
      description:
        'With --collector: events taken, delivered, refused and dropped, what waits, and what is wrong.',
      type: 'object',
      additionalProperties: true,
      properties: {
        accepted: { type: 'object', additionalProperties: integer },
        delivered: integer,
        refused: {
          description: 'By the collector, by what it says is wrong.',
          type: 'object',
          additionalProperties: integer,
        },
        dropped: { type: 'object', additionalProperties: integer },
        bufferBytes: integer,
        oldestMs: { ...integer, description: 'Since the oldest event came that is not delivered.' },
        delivery: { type: 'object', properties: { state: { enum: ['well', 'faulty'] }, lastError } },
        spool: {
          type: 'object',
          properties: { bytes: integer, state: { enum: ['well', 'faulty'] }, lastError },
        },
        withoutUnitKey: {
          description: 'Personal attributes whose events are dropped, since there is no --unit-key-file.',
          type: 'array',
          items: text,
        },
      },
    },
    version: text,
    instanceId: text,
    uptimeMs: integer,
  },
};
export const probeAnswer = {
  description: 'Yes (200) or no (503).',
  type: 'object',
  additionalProperties: true,
};
export const plainText = {
  description: "Prometheus' text format.",
  content: { 'text/plain': { schema: text } },
};
