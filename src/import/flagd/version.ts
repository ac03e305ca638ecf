// flagd's `sem_ver`: a comparison of an attribute with a version.
import { compareVersions, parseVersion } from '../../engine/operands/version.ts';
import type { JsonValue } from '../../lib/json.ts';
import type { Condition, OperatorName } from '../../model/definitions.gen.ts';
import { and, type Logic, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { withMissing } from './comparison.ts';
import { operandOf } from './operand.ts';
import type { Scope } from './scope.ts';

/** `!=` and the ranges hold for versions alone, whereas `semver_neq` holds for everything that is present. */
const versionTests: Readonly<
  Record<string, (test: (name: OperatorName, version: string) => Condition, version: string) => Logic>
> = {
  '=': (test, version) => test('semver_eq', version),
  '!=': (test, version) => or(test('semver_lt', version), test('semver_gt', version)),
  '<': (test, version) => test('semver_lt', version),
  '<=': (test, version) => test('semver_lte', version),
  '>': (test, version) => test('semver_gt', version),
  '>=': (test, version) => test('semver_gte', version),
  '^': (test, version) => {
    const [major = '0'] = coreOf(version);
    return and(test('semver_gte', `${major}.0.0-0`), test('semver_lt', `${next(major)}.0.0-0`));
  },
  '~': (test, version) => {
    const [major = '0', minor = '0'] = coreOf(version);
    return and(test('semver_gte', `${major}.${minor}.0-0`), test('semver_lt', `${major}.${next(minor)}.0-0`));
  },
};

/** `sem_ver`. Throws Untranslatable where no condition says the same. */
export function versionTest(args: JsonValue[], scope: Scope): Logic {
  const [subject, operator, version] = args.map((arg) => operandOf(arg, scope));
  if (args.length !== 3 || operator?.kind !== 'constant' || version?.kind !== 'constant')
    refuse(scope, '`sem_ver` needs an attribute, an operator and a version.');
  if (subject?.kind !== 'attribute') refuse(scope, '`sem_ver` compares no attribute.');
  const write = Object.hasOwn(versionTests, String(operator.value))
    ? versionTests[String(operator.value)]
    : undefined;
  const text = String(version.value);
  if (!write || !parseVersion(text)) return false;
  note(
    scope,
    'changed',
    '`sem_ver` also took numbers for versions; here they must be texts, and a few more forms of them are accepted (`4.2-beta`).',
  );
  const test = (name: OperatorName, value: string): Condition => ({
    attribute: subject.name,
    operator: name,
    value,
  });
  return withMissing(
    subject,
    write(test, text),
    versionHolds(String(operator.value), subject.fallback, text),
  );
}

function versionHolds(operator: string, subject: JsonValue, version: string): boolean {
  const [a, b] = [parseVersion(String(subject)), parseVersion(version)];
  if (subject === null || !a || !b) return false;
  const order = compareVersions(a, b);
  const isMajor = a.core[0] === b.core[0];
  const byOperator: Record<string, boolean> = {
    '=': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
    '^': isMajor,
    '~': isMajor && a.core[1] === b.core[1],
  };
  return byOperator[operator] === true;
}

function coreOf(version: string): readonly string[] {
  return parseVersion(version)?.core ?? [];
}

function next(number: string): string {
  return String(BigInt(number) + 1n);
}
