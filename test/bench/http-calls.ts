// What the HTTP bench asks, and the flags it asks about: as a folder of definitions, and the same for Unleash.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requestBytes } from './http-load.ts';

export const FLAGS = 1_000;

const USER = 4711;
const USERS = 16;
/** More than a relay remembers. */
const NEW_USERS = 4_096;

export const context = {
  targetingKey: `user-${USER}`,
  country: 'US',
  plan: 'pro',
  appVersion: '4.2.1',
  roles: ['buyer'],
};
const twenty = Array.from({ length: 20 }, (_, at) => `flag-${at * 7}`);

export interface Call {
  path: string;
  /** Absent for a GET. */
  body?: string;
  headers?: readonly string[];
}

export const calls = {
  one: { path: '/v1/evaluate/flag-7', body: JSON.stringify({ context }) },
  oneOfrep: { path: '/ofrep/v1/evaluate/flags/flag-7', body: JSON.stringify({ context }) },
  twenty: { path: '/v1/evaluate', body: JSON.stringify({ context, flags: twenty }) },
  all: { path: '/ofrep/v1/evaluate/flags', body: JSON.stringify({ context }) },
} satisfies { [name: string]: Call };

/** The key that callers of @unleash/proxy must send. */
export const UNLEASH_KEY = 'bench';

const { targetingKey: userId, roles, ...properties } = context;
const unleashContext = { userId, ...properties, roles: roles[0] as string };
const headers = [`Authorization: ${UNLEASH_KEY}`];

/** All flags in one call, and what its SDK for browsers asks at each poll. */
export const unleashCalls = {
  all: { path: '/proxy/all', body: JSON.stringify({ context: unleashContext }), headers },
  poll: { path: `/proxy?${new URLSearchParams(unleashContext)}`, headers },
} satisfies { [name: string]: Call };

/** The same for several users, this one first, who ask again and again. */
export const ofUsers = (call: Call) => each(call, USERS);

/** The same for so many that each is as good as new. */
export const ofNewUsers = (call: Call) => each(call, NEW_USERS);

function each(call: Call, users: number): Call[] {
  return Array.from({ length: users }, (_, n) => {
    const asked = (text: string) => text.replace(`user-${USER}`, `user-${USER + n}`);
    return { ...call, path: asked(call.path), ...(call.body !== undefined && { body: asked(call.body) }) };
  });
}

/** With the tag of the answer that the caller has. */
export function withTag(call: Call, tag: string): Call {
  return { ...call, headers: [...(call.headers ?? []), `If-None-Match: ${tag}`] };
}

export function bytesOf({ path, body, headers }: Call): Buffer {
  return requestBytes(path, body, headers);
}

/** Asks once, as the load will; the answer's text is empty where it has none. */
export async function answerOf(
  port: number,
  { path, body, headers = [] }: Call,
): Promise<{ text: string; tag: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: [
      ...(body === undefined ? [] : [['content-type', 'application/json'] as [string, string]]),
      ...headers.map((line) => line.split(': ') as [string, string]),
    ],
    ...(body !== undefined && { body }),
  });
  return { text: await response.text(), tag: response.headers.get('etag') ?? '' };
}

/** A quarter of the flags serve one variation to all, half have a rule, and a quarter are split by bucket. */
export async function writeFlags(folder: string): Promise<void> {
  const rule = `rules:
      - name: buyers
        if: { attribute: roles, operator: in, value: [buyer, seller] }
        then: { serve: on }`;
  const split = 'rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] }';
  await writeFile(
    join(folder, 'project.yaml'),
    'project: acme/bench\nenvironments: { prod: { salt: "c07d2e" } }\n',
  );
  for (let at = 0; at < FLAGS; at++) {
    const targeting = ['serve: on', `${rule}\n    serve: off`, `${rule}\n    serve: off`, split][at % 4];
    const flag = `flag: flag-${at}\npermanent: true\ntype: boolean\nenvironments:\n  prod:\n    ${targeting}\n`;
    await writeFile(join(folder, `flag-${at}.yaml`), flag);
  }
}

/** The same flags in Unleash's words. */
export function unleashFeatures(): object[] {
  const everyone = { name: 'default', parameters: {}, constraints: [] };
  const buyers = {
    ...everyone,
    constraints: [{ contextName: 'roles', operator: 'IN', values: ['buyer', 'seller'], inverted: false }],
  };
  const half = (groupId: string) => ({
    name: 'flexibleRollout',
    parameters: { rollout: '50', stickiness: 'userId', groupId },
    constraints: [],
  });
  return Array.from({ length: FLAGS }, (_, at) => ({
    name: `flag-${at}`,
    type: 'release',
    project: 'default',
    enabled: true,
    variants: [],
    strategies: [[everyone, buyers, buyers, half(`flag-${at}`)][at % 4]],
  }));
}
