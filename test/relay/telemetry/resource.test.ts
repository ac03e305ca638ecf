// What OTEL_RESOURCE_ATTRIBUTES says of a relay, and what is told where it says nothing that can be read.
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, expect, it, vi } from 'vitest';
import { resourceOf } from '../../../src/relay/telemetry/resource.ts';

const identity = { version: '1.2.3', environment: 'prod', instanceId: 'test' };

afterEach(() => {
  vi.unstubAllEnvs();
  diag.disable();
});

/** The attributes with this variable, and what was complained of. */
function read(variable: string) {
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', variable);
  const complaints: string[] = [];
  const ignore = () => undefined;
  const warn = (...parts: unknown[]) => complaints.push(parts.join(' '));
  const logger = { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  return { attributes: resourceOf(identity).attributes, complaints };
}

it.each([
  ['no equals sign', 'team=private,shop'],
  ['an equals sign in a value', 'team=private=shop'],
  ['a comma in a value', 'team=private, and more'],
  ['no key', 'team=private,=shop'],
  ['a percent sign that encodes nothing', 'team=private,share=100%'],
  ['bytes that are no UTF-8', 'team=private%ff'],
  ['a key of 256 characters', `team=private,${'k'.repeat(256)}=v`],
  ['a value of 256 characters', `team=private,k=${'v'.repeat(256)}`],
])('%s: nothing of it is taken, and that is told once, without what stands there', (_title, variable) => {
  const { attributes, complaints } = read(variable);
  expect(attributes).toMatchObject({ 'service.name': 'halyard-relay', 'service.version': '1.2.3' });
  expect(attributes).not.toHaveProperty('team');
  expect(complaints).toEqual([expect.stringMatching(/^OTEL_RESOURCE_ATTRIBUTES .* key=value,key=value,/)]);
  expect(complaints.join()).not.toContain('private');
});

it.each([
  ['nothing at all', '', {}],
  ['commas and blanks', ' , ,', {}],
  ['an empty value', 'team=', { team: '' }],
  ['a comma at the end', 'team=shop,', { team: 'shop' }],
  ['blanks around', ' team = the shop , b=c', { team: 'the shop', b: 'c' }],
  ['what is percent-encoded', 'team=a%2Cb%3Dc,%6Bey=%C3%BC', { team: 'a,b=c', key: 'ü' }],
  ['the longest value', `team=${'v'.repeat(255)}`, { team: 'v'.repeat(255) }],
  ['what the relay says of itself', 'service.version=mine', { 'service.version': 'mine' }],
])('%s: is taken, and nothing is told', (_title, variable, expected) => {
  const { attributes, complaints } = read(variable);
  expect([complaints, attributes]).toEqual([[], expect.objectContaining(expected)]);
});
