// Promotion: one environment gets the targeting of another, and no other byte of the file changes.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { format } from '../../src/authoring/format.ts';
import { promote } from '../../src/authoring/promote.ts';
import { layoutOf } from '../../src/definitions/document.ts';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { parse } from '../../src/definitions/parse.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { readFolder } from '../../src/io/folder.ts';
import { UsageError } from '../../src/lib/errors.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import type { Context } from '../../src/model/context.ts';
import type { Definitions } from '../../src/model/definition.ts';
import { arbitraryEnvironment } from './support/arbitrary-definition.ts';
import { wildYaml } from './support/wild-yaml.ts';

const order = ['dev', 'staging', 'prod'];
const bytes = (text: string) => new TextEncoder().encode(text);

/** Each environment's name and value as they are written, by name. */
function environmentTexts(text: string): { [name: string]: string } {
  const environments = layoutOf(parse(bytes(text), { keepTree: true }))?.items.find(
    ({ key }) => key?.name === 'environments',
  )?.value;
  if (environments?.type !== 'map') throw new Error('no environments');
  return Object.fromEntries(
    environments.items.map(({ key, start, value }) => [key?.name, text.slice(start, value.end)]),
  );
}

type Environments = { [name: string]: JsonValue };

/** That it says what it should, and that the other environments are written as they were. */
function expectPromoted(before: string, after: string, from: string, to: string): void {
  const given = parse(bytes(before)).value as { environments: Environments };
  const { [to]: _, ...kept } = given.environments;
  const wanted = given.environments[from];
  const environments = { ...kept, ...(wanted !== undefined && { [to]: wanted }) };
  expect(parse(bytes(after))).toMatchObject({ value: { ...given, environments }, faults: [] });
  const [then, now] = [environmentTexts(before), environmentTexts(after)];
  for (const name of Object.keys(kept)) {
    // A comment after it may now look like its last line.
    expect(now[name]).toSatisfy((text: string) => text.startsWith(then[name] ?? '?'));
  }
}

/** What an odd layout keeps from being edited can be edited once it is formatted. */
function promoteOrFormatFirst(text: string, from: string, to: string): { before: string; after: string } {
  try {
    return { before: text, after: promote(text, { from, to, order }) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const result = format(bytes(text));
    const before = 'text' in result ? result.text : '';
    return { before, after: promote(before, { from, to, order }) };
  }
}

const definitions = fc
  .dictionary(fc.constantFrom(...order), arbitraryEnvironment, { maxKeys: 3 })
  // Of a text that ends in empty lines nobody sees where it ends.
  .filter((environments) => !/\\n(\\n|")/.test(JSON.stringify(environments)))
  .map((environments) => ({ flag: 'f', environments: environments as Environments, type: 'boolean' }));
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 });
const pairs = fc.shuffledSubarray(order, { minLength: 2 });

test.each(['\n', '\r\n'])(
  'in any file (line breaks %j) one gets what the other has, all else stays',
  (lineBreak) => {
    const property = fc.property(definitions, choices, pairs, (value, numbers, [from = '', to = '']) => {
      const text = wildYaml(value, numbers).text.replaceAll('\n', lineBreak);
      const { before, after } = promoteOrFormatFirst(text, from, to);
      expectPromoted(before, after, from, to);
      expect(promote(after, { from, to, order })).toBe(after);
    });
    fc.assert(property, { seed: 42, numRuns: 200 });
  },
);

interface Case {
  title: string;
  from?: string;
  to?: string;
  /** What stands under `flag: f` before and after. */
  given: string;
  expected: string;
}

const cases: Case[] = [
  {
    title: 'comments of the source come along, those beside and above the target’s name stay',
    given:
      '# who\nenvironments: # all\n  staging: # the rehearsal\n    serve: on # everyone\n    # until Friday\n\n  # the real thing\n  prod: # careful\n    serve: off # nobody\n',
    expected:
      '# who\nenvironments: # all\n  staging: # the rehearsal\n    serve: on # everyone\n    # until Friday\n\n  # the real thing\n  prod: # careful\n    serve: on # everyone\n    # until Friday\n',
  },
  {
    title: 'whatever the layout of the rest, it stays',
    given:
      'type:   "boolean"\nenvironments:\n      staging:\n         serve: "on"\n      prod: {serve:   off}\nowner:    me',
    expected:
      'type:   "boolean"\nenvironments:\n      staging:\n         serve: "on"\n      prod:\n         serve: "on"\nowner:    me',
  },
  {
    title: 'what is aligned stays aligned',
    given:
      'environments:\n  dev:     { serve: off }\n  staging: { serve: on }  # all\n  prod:    { serve: off } # none\n',
    expected:
      'environments:\n  dev:     { serve: off }\n  staging: { serve: on }  # all\n  prod:    { serve: on }  # all\n',
  },
  {
    title:
      'a new environment comes after the one before it in the order of promotion, apart as the others are',
    from: 'dev',
    to: 'staging',
    given: 'environments:\n  dev:\n    serve: on\n\n  prod:\n    serve: off\nowner: me\n',
    expected:
      'environments:\n  dev:\n    serve: on\n\n  staging:\n    serve: on\n\n  prod:\n    serve: off\nowner: me\n',
  },
  {
    title: 'a new environment comes first if none is before it',
    from: 'prod',
    to: 'dev',
    given: 'environments:\n  # of staging\n  staging: { serve: off }\n  prod: { serve: on }',
    expected:
      'environments:\n  dev: { serve: on }\n  # of staging\n  staging: { serve: off }\n  prod: { serve: on }',
  },
  {
    title: 'where the source is not named, the target goes, with the comments directly above it',
    from: 'dev',
    given:
      'environments:\n  staging:\n    serve: on\n\n  # apart\n\n  # of prod\n  prod:\n    serve: on\n\nowner: me\n',
    expected: 'environments:\n  staging:\n    serve: on\n\n  # apart\n\nowner: me\n',
  },
  {
    title: 'where the last environment goes, none is named',
    from: 'dev',
    given: 'environments: # all\n  prod:\n    serve: on\nowner: me\n',
    expected: 'environments: {} # all\nowner: me\n',
  },
  {
    title: 'in braces too',
    given: 'environments: { staging: { serve: on }, prod: { serve: off } } # all\n',
    expected: 'environments: { staging: { serve: on }, prod: { serve: on } } # all\n',
  },
  {
    title: 'a new one in braces',
    given: 'environments: {dev: {}, staging: {serve: on}}\n',
    expected: 'environments: {dev: {}, staging: {serve: on}, prod: {serve: on}}\n',
  },
  {
    title: 'a new one in braces has a line of its own where the others have, above the comments of the first',
    from: 'prod',
    to: 'dev',
    given: 'environments: { # all\n  # of prod\n  prod: {serve: on},\n}\n',
    expected: 'environments: { # all\n  dev: {serve: on},\n  # of prod\n  prod: {serve: on},\n}\n',
  },
  {
    title: 'a new one between those in braces too',
    from: 'prod',
    to: 'staging',
    given: 'environments: {\n  dev: {},\n  prod: {serve: on}\n}\n',
    expected: 'environments: {\n  dev: {},\n  staging: {serve: on},\n  prod: {serve: on}\n}\n',
  },
  {
    title: 'JSON stays JSON',
    given: '"environments": {"dev":{}, "staging":{"serve":"on"}}\n',
    expected: '"environments": {"dev":{}, "staging":{"serve":"on"}, "prod": {"serve":"on"}}\n',
  },
  {
    title: 'a comment beside the name stays where what it had in lines comes to stand in one',
    given:
      'environments:\n  staging: { serve: on } # everyone\n  prod: # careful\n    # nobody\n    serve: off\n',
    expected:
      'environments:\n  staging: { serve: on } # everyone\n  prod: # careful\n    { serve: on } # everyone\n',
  },
  {
    title: 'the comment beside the name of the source does not come along',
    given: 'environments:\n  staging: # rehearsal\n    serve: on # everyone\n',
    expected:
      'environments:\n  staging: # rehearsal\n    serve: on # everyone\n  prod:\n    serve: on # everyone\n',
  },
  {
    title: 'one that goes in braces',
    from: 'dev',
    given: 'environments: {staging: {serve: on}, prod: {}}\n',
    expected: 'environments: {staging: {serve: on}}\n',
  },
  {
    title: 'one that goes in braces takes the comments above it along',
    from: 'dev',
    given:
      'environments: { # all\n  # of prod\n  prod: {}, # too\n  # of staging\n  staging: {serve: on}\n}\n',
    expected: 'environments: { # all\n  # of staging\n  staging: {serve: on}\n}\n',
  },
  {
    title: 'what they have alike already stays as it is written',
    given: 'environments:\n  staging: { serve: on } # a\n  prod:\n    serve: "on" # b\n',
    expected: 'environments:\n  staging: { serve: on } # a\n  prod:\n    serve: "on" # b\n',
  },
  {
    title: 'what neither has stays so',
    given: 'environments: {}\n',
    expected: 'environments: {}\n',
  },
];

test.each(cases)('$title', ({ from = 'staging', to = 'prod', given, expected }) => {
  expect(promote(`flag: f\n${given}`, { from, to, order })).toBe(`flag: f\n${expected}`);
});

const sample = (await readFolder(join(import.meta.dirname, '../../flags'))).flatMap((entry) =>
  entry.kind === 'file' ? [{ path: entry.path, text: new TextDecoder().decode(entry.content) }] : [],
);

/** The sample project with the same salt and experiments everywhere, and one file as it is given. */
function sampleWith(path: string, text: string): Definitions {
  const files = sample.map((file) => {
    const replaced = file.path === path ? text : file.text;
    const alike = replaced
      .replace(/salt: "\w+"/g, 'salt: "same"')
      .replace('environments: [prod]', `environments: [${order.join(', ')}]`)
      // A running experiment that no rule uses is a problem.
      .replace(
        'status: running',
        text.includes('experiment: page-layout') ? 'status: running' : 'status: draft',
      );
    return { path: file.path, kind: 'file' as const, content: bytes(alike) };
  });
  const { definitions, problems } = loadDefinitions(files);
  if (!definitions) throw new Error(JSON.stringify(problems));
  return definitions;
}

const contexts = fc.record(
  {
    targetingKey: fc.oneof(fc.constantFrom('alice', 'mallory'), fc.uuid()),
    country: fc.constantFrom('US', 'DE'),
    plan: fc.constantFrom('free', 'pro'),
    appVersion: fc.constantFrom('4.1.0', '4.2.0'),
    email: fc.constantFrom('a@acme.example', 'b@else.example'),
    cartItems: fc.nat(40),
    signedUpAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-10-01T00:00:00Z'),
    company: fc.constantFrom({ id: 'shop-1234' }, { id: 'other' }),
    roles: fc.constantFrom(['editor'], []),
    ip: fc.constantFrom('10.0.0.1', '192.0.2.1'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Context>;

const flags = sample.flatMap(({ path, text }) => {
  const key = /^#.*\nflag: (\S+)/.exec(text)?.[1];
  return key ? [[key, path, text] as const] : [];
});

test.each(flags)(
  'of the sample project, %s decides where it is promoted to as it does where it comes from',
  (key, path, text) => {
    for (const [from, to] of [
      ['prod', 'staging'],
      ['staging', 'prod'],
      ['dev', 'prod'],
      ['prod', 'dev'],
    ] as const) {
      const definitions = sampleWith(path, promote(text, { from, to, order }));
      const source = compile(snapshotOf(definitions, from, 1));
      const target = compile(snapshotOf(definitions, to, 1));
      const property = fc.property(contexts, (context) => {
        const { metadata: _, ...wanted } = evaluate(source, key, context, 0);
        expect(evaluate(target, key, context, 0)).toMatchObject(wanted);
      });
      fc.assert(property, { seed: 1, numRuns: 50 });
    }
  },
);
