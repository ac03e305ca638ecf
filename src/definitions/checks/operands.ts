// What conditions compare with: each operator's `value`, the size of regular expressions, and the depth of conditions.

import { patternOperand } from '../../engine/operands/pattern.ts';
import { valueFaults, valuesOf } from '../../engine/operators.ts';
import type { Scalar } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { limits } from '../source-file.ts';
import { type PlacedCondition, type PlacedTest, testsAmong } from './walk.ts';

/** Findings of all conditions of one definition. */
export function conditionFindings(conditions: readonly PlacedCondition[]): Finding[] {
  const tooDeep = conditions.find(({ depth }) => depth > limits.conditionDepth);
  const findings: Finding[] = tooDeep ? [depthFinding(tooDeep.path)] : [];
  const patterns: PlacedTest[] = [];
  for (const placed of testsAmong(conditions)) {
    const isPattern = /^(not_)?matches$/.test(placed.test.operator) && placed.test.value !== undefined;
    if (isPattern) patterns.push(placed);
    else findings.push(...operandFindings(placed));
  }
  return patterns.length === 0 ? findings : [...findings, ...patternFindings(patterns)];
}

function operandFindings({ test, path }: PlacedTest): Finding[] {
  return valueFaults(test.operator, test.value).map(({ index, ...fault }) => {
    const at = test.value === undefined ? path : [...path, 'value', ...(index === undefined ? [] : [index])];
    return { ...fault, path: at, quotes: test.attribute };
  });
}

/** One by one, so that a list of ten thousand costly patterns is refused before all of them are compiled. */
function patternFindings(tests: readonly PlacedTest[]): Finding[] {
  const findings: Finding[] = [];
  let steps = 0;
  for (const { test, path } of tests) {
    for (const [i, pattern] of valuesOf(test).entries()) {
      const at = Array.isArray(test.value) ? [...path, 'value', i] : [...path, 'value'];
      const parsed = patternOperand(pattern);
      if ('fault' in parsed) findings.push({ ...parsed.fault, path: at, quotes: test.attribute });
      steps += 'operand' in parsed ? parsed.operand.programSize() : costOf(parsed.fault.code, pattern);
      if (steps > limits.regexSteps) return [...findings, regexesFinding(at)];
    }
  }
  return findings;
}

/** What was spent on a pattern that is refused: one that is too large was compiled, others were only read. */
function costOf(code: string, pattern: Scalar): number {
  return code === 'regex-too-large' ? limits.regexSteps / 20 : String(pattern).length;
}

function regexesFinding(path: Path): Finding {
  const most = limits.regexSteps.toLocaleString('en');
  const message = `The file's regular expressions unfold to more than ${most} steps, this one included.`;
  return {
    code: 'regexes-too-large',
    path,
    message,
    hint: 'Use fewer of them, or shorter repetitions (`{…}`).',
  };
}

function depthFinding(path: Path): Finding {
  const message = `\`and\`, \`or\` and \`not\` are nested more than ${limits.conditionDepth} levels deep here.`;
  return { code: 'condition-too-deep', path, message, hint: 'Move a part of it to a segment.' };
}
