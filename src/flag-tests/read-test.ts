// One `*.test.yaml`: from its bytes to a test of its shape, or what is wrong with it. The flag is not looked at yet.
import { NO_FACTS } from '../definitions/checks/facts.ts';
import type { Finding } from '../definitions/finding.ts';
import { parse } from '../definitions/parse.ts';
import type { ReadFile } from '../definitions/read-file.ts';
import { nearest } from '../definitions/suggest.ts';
import { validate } from '../definitions/validate.ts';
import { ticked } from '../lib/printable.ts';
import type { FlagTest } from '../model/definitions.gen.ts';

export interface ReadTest extends ReadFile {
  /** Present where all but some of its cases have the shape. */
  test?: FlagTest;
  /** The cases that do not have the shape, by index. */
  broken: ReadonlySet<number>;
}

const HOW_TO_BEGIN = 'Begin it with `test:` and the key of the flag.';
const NONE_BROKEN: ReadonlySet<number> = new Set();

export function readTest(path: string, content: Uint8Array): ReadTest {
  const { value = null, offsets, faults, firstKey } = parse(content, { integerKeys: true });
  const file = { path, content, value, offsets, faults, facts: NO_FACTS, broken: NONE_BROKEN };
  if (faults.length > 0 && value === null) return { ...file, findings: [] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = 'The file is no mapping: expected `test` with the key of a flag first.';
    return { ...file, findings: [{ code: 'not-a-definition', path: [], message, hint: HOW_TO_BEGIN }] };
  }
  if (!Object.hasOwn(value, 'test')) return { ...file, findings: [firstKeyFinding(firstKey, false)] };
  const findings = validate('test', value);
  if (firstKey !== 'test') findings.unshift(firstKeyFinding(firstKey, true));
  const broken = new Set(findings.map(({ path: [top, index] }) => (top === 'cases' ? Number(index) : NaN)));
  const isUsable = Array.isArray(value.cases) && [...broken].every((index) => Number.isInteger(index));
  return { ...file, findings, ...(isUsable && { test: value as unknown as FlagTest, broken }) };
}

function firstKeyFinding(firstKey: string | undefined, hasTest: boolean): Finding {
  const found =
    firstKey === undefined ? 'The file does not begin with a key' : `The first key is ${ticked(firstKey)}`;
  const isNear = nearest(firstKey ?? '', ['test']) !== undefined;
  const isDefinition = ['flag', 'segment', 'experiment', 'metric'].includes(firstKey ?? '');
  let hint = isNear ? 'Did you mean `test`?' : HOW_TO_BEGIN;
  if (hasTest) hint = 'Move `test` to the top.';
  else if (isDefinition) hint = 'Rename the file, if it is a definition: only tests end in `.test.yaml`.';
  return {
    code: 'not-a-definition',
    path: firstKey === undefined ? [] : [firstKey],
    on: 'key',
    message: `${found}: expected \`test\`, so that readers see what it is.`,
    hint,
  };
}
