// What a file of tests says of an experiment that is over: its arms can no longer be fixed, and no decision names it.
import type { JsonValue } from '../../lib/json.ts';
import type { FlagTest, TestCase } from '../../model/definitions.gen.ts';
import { valueIn, withoutMember, withValue } from '../member.ts';
import type { Conclusion } from './definitions.ts';

/**
 * The text of a test file without problems, its cases no longer fixing or expecting the experiment. A matrix of arms
 * becomes the one that everyone gets. What else a case expects is as it was. Throws UsageError where it cannot be edited.
 */
export function withoutExperiment(text: string, conclusion: Conclusion): string {
  const { cases } = valueIn(text) as unknown as FlagTest;
  return cases.reduce((before, _, index) => caseWithout(before, index, conclusion), text);
}

function caseIn(text: string, index: number): TestCase {
  return (valueIn(text) as unknown as FlagTest).cases[index] as TestCase;
}

function caseWithout(text: string, index: number, conclusion: Conclusion): string {
  const { experiments = {} } = caseIn(text, index);
  const { experiment, arm } = conclusion;
  let after = text;
  const fixed = Object.hasOwn(experiments, experiment) ? experiments[experiment] : undefined;
  if (fixed !== undefined) {
    const only = Object.keys(experiments).length === 1;
    after = withoutMember(after, ['cases', index, 'experiments', ...(only ? [] : [experiment])]);
    for (const name of namesIn(fixed)) after = withoutVariable(after, index, name, arm);
  }
  return withoutExpectation(after, index, experiment);
}

function namesIn(text: string): string[] {
  return Array.from(text.matchAll(/\$\$\{|\$\{([^}]*)\}/g), ([, name]) => name).filter(
    (name) => name !== undefined,
  );
}

/** Where a variable is only of arms, it goes: what was expected of each is expected of the one that everyone gets. */
function withoutVariable(text: string, index: number, name: string, arm: string): string {
  const before = caseIn(text, index);
  const { expect = {}, matrix = {} } = before;
  if (!Object.hasOwn(matrix, name)) return text;
  const elsewhere = [before.context, before.at, before.experiments, before.buckets].map((part) =>
    JSON.stringify(part ?? null),
  );
  if (elsewhere.some((part) => namesIn(part).includes(name))) return text;
  let after = text;
  for (const [field, value] of Object.entries(expect as { [field: string]: JsonValue })) {
    if (!namesIn(JSON.stringify(value)).includes(name)) continue;
    const filled = JSON.parse(JSON.stringify(value).replaceAll(`\${${name}}`, arm)) as JsonValue;
    after = withValue(after, ['cases', index, 'expect', field], filled);
  }
  const only = Object.keys(matrix).length === 1;
  return withoutMember(after, ['cases', index, 'matrix', ...(only ? [] : [name])]);
}

/** A decision by the experiment cannot be expected any more; where nothing else was, that there is none. */
function withoutExpectation(text: string, index: number, experiment: string): string {
  const { expect = {} } = caseIn(text, index);
  const isExpected = expect.experiment === experiment;
  if (!isExpected) return text;
  const gone = ['experiment', 'arm'].filter((field) => Object.hasOwn(expect, field));
  if (Object.keys(expect).length > gone.length)
    return gone.reduce((before, field) => withoutMember(before, ['cases', index, 'expect', field]), text);
  const bare = gone.includes('arm') ? withoutMember(text, ['cases', index, 'expect', 'arm']) : text;
  return withValue(bare, ['cases', index, 'expect', 'experiment'], null);
}
