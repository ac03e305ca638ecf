// The sample project, answered by a relay: every way to ask gives the same answer, and it is the engine's.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import { readFolder } from '../../src/io/folder.ts';
import type { Decision } from '../../src/model/decision.ts';
import { MAIN } from '../support/main-file.ts';
import { relay } from './start.ts';

const flags = join(import.meta.dirname, '../../flags');

it('1,000 units get the same from the command, native HTTP, one by one and many at once, OFREP, and the engine itself', async () => {
  const { definitions } = loadDefinitions(await readFolder(flags, { followLinks: false }));
  if (!definitions) throw new Error('the sample project does not load');
  const ruleset = compile(snapshotOf(definitions, 'prod', 1));
  await using served = await relay({ source: `directory:${flags}` });
  await served.ready;
  const post = async (path: string, context: object): Promise<unknown> => {
    const init = {
      method: 'POST',
      body: JSON.stringify({ context }),
      headers: { 'content-type': 'application/json' },
    };
    return (await fetch(`${served.url}${path}`, init)).json();
  };
  const split = new Map<string, Set<unknown>>();
  const contexts = Array.from({ length: 1_000 }, (_, unit) => {
    return { targetingKey: `user-${unit}`, country: 'US', plan: 'pro', appVersion: '5.0.0' };
  });
  const printed = new Map<string, Decision[]>();
  for (const key of ruleset.flags.keys()) printed.set(key, await byCommand(key, contexts));
  for (const [unit, context] of contexts.entries()) {
    const expected = evaluateAll(ruleset, context, Date.now());
    const key = (expected[unit % expected.length] as Decision).flag;
    expect([...printed.values()].map((decisions) => decisions[unit])).toEqual(expected);
    const [many, bulk, native, ofrep] = (await Promise.all([
      post('/v1/evaluate', context),
      post('/ofrep/v1/evaluate/flags', context),
      post(`/v1/evaluate/${key}`, context),
      post(`/ofrep/v1/evaluate/flags/${key}`, context),
    ])) as [{ flags: object }, { flags: { key: string }[] }, object, { key: string }];
    expect(Object.values(many.flags)).toEqual(expected);
    expect(bulk.flags.map(asDecision)).toEqual(expected);
    const own = expected.find(({ flag }) => flag === key);
    expect([native, asDecision(ofrep)]).toEqual([own, own]);
    for (const { flag, variation, reason } of expected) {
      if (reason === 'SPLIT') split.set(flag, (split.get(flag) ?? new Set()).add(variation));
    }
  }
  // Flags that are split by bucket are among them, and units fall on both sides.
  expect([...split.values()].some((variations) => variations.size > 1)).toBe(true);
});

/** One process for all contexts of a flag. */
async function byCommand(flag: string, contexts: readonly object[]): Promise<Decision[]> {
  const args = [MAIN, 'evaluate', flag, '--environment', 'prod', '--path', flags, '--contexts', '-'];
  const command = promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
  command.child.stdin?.end(contexts.map((context) => `${JSON.stringify(context)}\n`).join(''));
  const { stdout } = await command;
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Decision);
}

function asDecision(item: { [member: string]: unknown }): unknown {
  const { key: flag, variant: variation, ...rest } = item;
  return { flag, ...(variation !== undefined && { variation }), ...rest };
}
