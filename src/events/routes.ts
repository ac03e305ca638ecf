// The table of the collector's routes, from which the server and openapi.json are made.

import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CollectorCore, isReady } from './core.ts';
import { Fault } from './faults.ts';
import { takeEvents } from './intake.ts';
import { readAssignment, readAssignments } from './queries.ts';
import { answers, ndjson } from './schemas.ts';
import { statusOf } from './status.ts';

export interface Route {
  method: 'GET' | 'POST';
  url: string;
  operationId: string;
  summary: string;
  /** Query parameters by name; `required` ones end with `!`. */
  query?: { [name: string]: string };
  body?: object;
  answer: object;
  /** Answered without token, to whatever host. */
  probe?: true;
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

const PAGE = 1_000;
const MOST_PARAMETER_CHARS = 2_000;

export function routes(core: CollectorCore): Route[] {
  return [
    {
      method: 'POST',
      url: '/v1/events',
      operationId: 'takeEvents',
      summary:
        'Takes exposures and tracked events, one JSON object a line; what the answer counts is committed',
      body: ndjson,
      answer: answers.receipt,
      handler: events(core),
    },
    {
      method: 'GET',
      url: '/v1/assignments',
      operationId: 'assignments',
      summary: 'The arm that a unit was given first, or a page of all units of an experiment',
      query: {
        'experiment!': 'The experiment.',
        'environment!': 'The environment.',
        unit: 'One unit; left out: all of them, in pages.',
        after: 'The last unit of the page before.',
        limit: `How many a page has, at most and by default ${PAGE}.`,
      },
      answer: answers.assignments,
      handler: assignments(core),
    },
    {
      method: 'GET',
      url: '/v1/status',
      operationId: 'status',
      summary: 'Whether PostgreSQL answers, what events are judged by, and what became of those that came',
      answer: answers.status,
      handler: () => statusOf(core),
    },
    {
      method: 'GET',
      url: '/livez',
      operationId: 'livez',
      summary: 'The process answers',
      answer: answers.probe,
      probe: true,
      handler: () => ({ alive: true }),
    },
    {
      method: 'GET',
      url: '/readyz',
      operationId: 'readyz',
      summary: 'Events are taken: PostgreSQL answers and writes, and the collector is not about to stop',
      answer: answers.probe,
      probe: true,
      handler: (_request, reply) => {
        const ready = isReady(core);
        return reply.code(ready ? 200 : 503).send({ ready });
      },
    },
    {
      method: 'GET',
      url: '/metrics',
      operationId: 'metrics',
      summary: 'Metrics for Prometheus',
      answer: answers.text,
      handler: async (_request, reply) => {
        const { registry } = core.metrics;
        return reply.type(registry.contentType).send(await registry.metrics());
      },
    },
  ];
}

function events({ intake, counters, refusals }: CollectorCore): Route['handler'] {
  return async (request) => {
    const { 'content-encoding': encoding } = request.headers;
    const receipt = await takeEvents(request.body as Readable, encoding, intake);
    counters.add(receipt);
    refusals.add(receipt.refused);
    return receipt;
  };
}

function assignments({ reader, catalogue }: CollectorCore): Route['handler'] {
  return async (request) => {
    const { environment, experiment, unit, after, limit } = parametersOf(request);
    if (environment === undefined || experiment === undefined)
      throw new Fault(400, 'REQUEST', 'Say ?experiment= and &environment=.');
    const { project } = catalogue.applied ?? (await catalogue.since(catalogue.moment));
    const key = { project, environment, experiment };
    if (unit !== undefined) {
      const assignment = await readAssignment(reader, key, unit);
      if (!assignment)
        throw new Fault(404, 'NOT_FOUND', 'The unit was never exposed to the experiment there.');
      return { ...key, assignments: [assignment] };
    }
    const most = pageOf(limit);
    const page = await readAssignments(reader, key, { after, most });
    const last = page.length === most ? page.at(-1)?.unit : undefined;
    return { ...key, assignments: page, ...(last !== undefined && { after: last }) };
  };
}

function parametersOf({ query }: FastifyRequest): { [name: string]: string | undefined } {
  const given = query as { [name: string]: string | string[] | undefined };
  for (const value of Object.values(given)) {
    if (typeof value !== 'string' || value.length > MOST_PARAMETER_CHARS || value.includes('\0'))
      throw new Fault(400, 'REQUEST', 'Each parameter is said once, in at most 2,000 characters.');
  }
  return given as { [name: string]: string | undefined };
}

function pageOf(limit: string | undefined): number {
  if (limit === undefined) return PAGE;
  const most = Number(limit);
  if (/^[1-9]\d*$/.test(limit) && most <= PAGE) return most;
  throw new Fault(400, 'REQUEST', `limit is a whole number from 1 to ${PAGE}.`);
}
