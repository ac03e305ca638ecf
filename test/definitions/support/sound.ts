// What holds of every outcome of loading, whatever was loaded.
import { expect } from 'vitest';
import { snapshotOf } from '../../../src/definitions/environments.ts';
import type { Loaded } from '../../../src/definitions/load.ts';
import { limits } from '../../../src/definitions/source-file.ts';
import { compile } from '../../../src/engine/compile.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { problemCodes } from '../../../src/model/problem.ts';
import { bytes, type Texts } from './project.ts';

/** Problems are of the table, in order, few enough, and stand in the texts; what has no error can be served. */
export function expectSound(loaded: Loaded, texts: Texts): void {
  const { problems, definitions } = loaded;
  expect(problems.length).toBeLessThanOrEqual((Object.keys(texts).length + 1) * (limits.problemsOfFile + 1));
  for (const { file, line, column, code, severity, message, hint } of problems) {
    // One that stands for the rest is as severe as what it stands for.
    if (code !== 'too-many-problems') expect(severity).toBe(problemCodes[code].severity);
    expect(message.length).toBeLessThan(2_000);
    expect(hint.length).toBeLessThan(2_000);
    if (!Object.hasOwn(texts, file)) continue;
    const there = new TextDecoder().decode(bytes(texts[file] ?? '')).split('\n')[line - 1];
    expect(there, `${code} ${file}:${line}`).toBeDefined();
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column, `${code} ${file}:${line}:${column}`).toBeLessThanOrEqual((there?.length ?? 0) + 1);
  }
  expect(loaded.ok).toBe(!problems.some(({ severity }) => severity === 'error'));
  expect(definitions !== undefined).toBe(loaded.ok);
  if (definitions) expectServable(definitions);
}

function expectServable(definitions: NonNullable<Loaded['definitions']>): void {
  for (const environment of Object.keys(definitions.project.environments)) {
    const ruleset = compile(snapshotOf(definitions, environment, 1));
    for (const { kind, key } of definitions.all)
      if (kind === 'flag') expect(evaluate(ruleset, key, { targetingKey: 'u' }, 0)).toHaveProperty('reason');
  }
}
