// The SARIF log: valid by the OASIS schema, with places and fingerprints that hold.
// sarif-schema-2.1.0.json is that of https://github.com/oasis-tcs/sarif-spec, as it is published.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { sarifLog } from '../../../src/cli/check/sarif.ts';
import { type ProblemCode, problemCodes } from '../../../src/model/problem.ts';
import { fileCases } from '../../definitions/support/file-cases.ts';
import { habitCases } from '../../definitions/support/habit-cases.ts';
import { hostileCases } from '../../definitions/support/hostile-cases.ts';
import { meaningCases } from '../../definitions/support/meaning-cases.ts';
import { flag, type Texts } from '../../definitions/support/project.ts';
import { shapeCases } from '../../definitions/support/shape-cases.ts';
import { outcomeOf } from './outcomes.ts';

interface Log {
  runs: [{ tool: { driver: { rules: Described[] } }; invocations: object[]; results: Result[] }];
}

function isError(problem: string): boolean {
  return problemCodes[problem.split(' ')[0] as ProblemCode].severity === 'error';
}

interface Described {
  id: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string; markdown: string };
}

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  locations: [{ physicalLocation: { artifactLocation: object; region: object } }];
  partialFingerprints: { 'problem/v1': string };
}

const schema = JSON.parse(await readFile(join(import.meta.dirname, 'sarif-schema-2.1.0.json'), 'utf8'));
// One pattern of the schema is a regular expression only without the flag `u`.
const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function logOf(texts: Texts, place = 'flags/'): Log['runs'][0] {
  const log = JSON.parse(JSON.stringify(sarifLog(outcomeOf(texts), place))) as Log;
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  return log.runs[0];
}

test.each([...fileCases, ...shapeCases, ...meaningCases, ...habitCases, ...hostileCases])(
  'is valid for $title',
  ({ files, problems }) => {
    const { results, tool, invocations } = logOf(files);
    const exitCode = problems.some((problem) => isError(problem)) ? 1 : 0;
    expect(invocations).toEqual([{ executionSuccessful: true, exitCode }]);
    expect(results.map(({ ruleId }) => ruleId)).toEqual(problems.map((problem) => problem.split(' ')[0]));
    // What GitHub asks for beyond the schema, each of at most 1,024 characters.
    for (const { shortDescription, fullDescription, help } of tool.driver.rules) {
      for (const { text } of [shortDescription, fullDescription, help]) expect(text).toMatch(/^.{1,1024}$/s);
    }
    for (const { ruleId, ruleIndex, level } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(level).toBe(problemCodes[ruleId as ProblemCode].severity);
    }
    const prints = results.map(({ partialFingerprints }) => partialFingerprints['problem/v1']);
    expect(new Set(prints).size).toBe(prints.length);
  },
);

test('is valid without a problem', () => expect(logOf({}).results).toEqual([]));

test('places are URIs from the root of the repository, and regions span what is meant', () => {
  const { results, tool } = logOf(
    { 'a b/ä%.yaml': flag('ä%', 'serve: on'), 'f.yaml': flag('f', 'serve: onn') },
    'my flags/',
  );
  expect(results.at(-1)?.locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'my%20flags/f.yaml', uriBaseId: '%SRCROOT%' },
    region: { startLine: 8, startColumn: 12, endLine: 8, endColumn: 15 },
  });
  expect(results[0]?.locations[0].physicalLocation.artifactLocation).toEqual({
    uri: 'my%20flags/a%20b/%C3%A4%25.yaml',
    uriBaseId: '%SRCROOT%',
  });
  expect(tool.driver.rules.find(({ id }) => id === 'unknown-variation')?.help.markdown).toMatch(
    /```diff\n.*-.*onn\n.*\+.*on\n/s,
  );
});

test('outside of every repository, places are files', () => {
  const [result] = logOf({ 'f.yaml': flag('f', 'serve: onn') }, '/tmp/my flags/').results;
  expect(result?.locations[0].physicalLocation.artifactLocation).toEqual({
    uri: 'file:///tmp/my%20flags/f.yaml',
  });
});

test('fingerprints stay when lines move, and tell equal lines apart', () => {
  const rules = 'rules:\n  - then: { experiment: e }\n  - then: { experiment: e }';
  const prints = (text: string) =>
    logOf({ 'f.yaml': text })
      .results.filter(({ ruleId }) => ruleId === 'rule-without-name')
      .map((result) => result.partialFingerprints['problem/v1']);
  const before = prints(flag('f', rules));
  expect(new Set(before).size).toBe(2);
  expect(prints(`# A line above.\n\n${flag('f', rules)}`)).toEqual(before);
});
