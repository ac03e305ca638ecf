// What the fuzzed relay serves: a flag for each operator, and one for each way to a decision.
import { operators } from '../../../src/engine/operators.ts';
import type { Condition, OperatorName, Scalar } from '../../../src/model/definitions.gen.ts';
import type { FlagBody } from '../../../src/model/snapshot.ts';
import { type Bodies, snapshotOfBodies } from '../../support/snapshot.ts';

export const ATTRIBUTES = ['plan', 'nested.plan', 'toString', '__proto__', ''];

function valueFor(operator: OperatorName): Scalar {
  if (operator.includes('semver')) return '1.2.3-rc.1';
  if (operator.includes('cidr')) return '10.0.0.0/8';
  if (operator.includes('matches')) return '(a|b)*c[0-9]{2,5}$';
  if (operator === 'before' || operator === 'after') return '2026-01-01T00:00:00Z';
  if (/^[gl]te?$/.test(operator)) return 5;
  return operator === 'exists' ? true : 'pro';
}

function ruled(operator: OperatorName, ignoreCase: boolean): Partial<FlagBody> {
  const rules = ATTRIBUTES.map((attribute) => {
    const test = { attribute, operator, value: valueFor(operator), ...(ignoreCase && { ignore_case: true }) };
    return { if: test as Condition, then: { serve: 'on' } };
  });
  return { rules, fallthrough: { serve: 'off' } };
}

const names = Object.keys(operators) as OperatorName[];
const byOperator = names.flatMap((name) => {
  const folded = operators[name].fits.includes('string') && name !== 'exists' && !name.includes('cidr');
  return [[`by-${name}`, ruled(name, false)], ...(folded ? [[`by-${name}-i`, ruled(name, true)]] : [])] as [
    string,
    Partial<FlagBody>,
  ][];
});
const flags: Bodies['flags'] = {
  ...Object.fromEntries(byOperator),
  plain: {},
  text: { type: 'string', variations: { a: 'ü "x"' }, off: 'a', fallthrough: { serve: 'a' } },
  half: { type: 'number', variations: { a: 0.5, b: 42 }, off: 'a', fallthrough: { serve: 'b' } },
  list: { type: 'json', variations: { a: [1, null], b: {} }, off: 'b', fallthrough: { serve: 'a' } },
  bare: { enabled: false, off: undefined as never },
  split: { fallthrough: { serve: 'on', percent: 50 } },
  'by-unit': { unit: 'nested.plan', fallthrough: { serve: 'on', percent: 50 } },
  requires: { requires: [{ flag: 'split', variation: 'on' }] },
  'in-segment': { rules: [{ if: { segment: 'paying' }, then: { serve: 'on' } }] },
  tested: { fallthrough: { experiment: 'trial' } },
};

export const FLAGS = Object.keys(flags);
export const fuzzSnapshot = snapshotOfBodies({
  flags,
  segments: { paying: { if: { attribute: 'plan', operator: 'eq', value: 'pro' }, include: ['alice'] } },
  experiments: { trial: { flag: 'tested', traffic: 60 } },
});
