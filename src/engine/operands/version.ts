// Versions: Semantic Versioning 2.0, with an optional leading `v` and a minor and patch that may be missing.
import { type Parsed, quoted } from './parsed.ts';

/** Numbers are kept as digits, since a version's numbers have no upper bound. Build metadata is not kept. */
export interface Version {
  core: readonly [major: string, minor: string, patch: string];
  /** Empty for a release. */
  prerelease: readonly string[];
}

const DIGITS = /^[0-9]+$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;

/** Parses a version, or returns undefined. Linear in the text's length (no backtracking). */
export function parseVersion(text: string): Version | undefined {
  const start = text[0] === 'v' || text[0] === 'V' ? 1 : 0;
  const [beforeBuild, build] = cut(text.slice(start), '+');
  const [core, prerelease] = cut(beforeBuild, '-');
  if (build !== undefined && !build.split('.').every((part) => IDENTIFIER.test(part))) return undefined;
  const numbers = core.split('.');
  if (numbers.length > 3 || !numbers.every(isNumber)) return undefined;
  const identifiers = prerelease === undefined ? [] : prerelease.split('.');
  if (!identifiers.every((part) => isNumber(part) || (IDENTIFIER.test(part) && !DIGITS.test(part))))
    return undefined;
  const [major = '0', minor = '0', patch = '0'] = numbers;
  return { core: [major, minor, patch], prerelease: identifiers };
}

/** Precedence (semver.org §11): negative when `a` is older, 0 when they rank alike, positive when `a` is newer. */
export function compareVersions(a: Version, b: Version): number {
  const byCore =
    compareNumbers(a.core[0], b.core[0]) ||
    compareNumbers(a.core[1], b.core[1]) ||
    compareNumbers(a.core[2], b.core[2]);
  if (byCore !== 0) return byCore;
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  const shorter = Math.min(a.prerelease.length, b.prerelease.length);
  for (let i = 0; i < shorter; i++) {
    const order = compareIdentifiers(a.prerelease[i] ?? '', b.prerelease[i] ?? '');
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

export function versionOperand(value: unknown): Parsed<Version> {
  const operand = typeof value === 'string' ? parseVersion(value) : undefined;
  if (operand) return { operand };
  return {
    fault: {
      code: 'invalid-semver',
      message: `${quoted(value)} is not a version: expected Semantic Versioning, such as "4.2.0" or "4.2.0-beta.1".`,
      // The text that YAML read as a number is gone, so the hint cannot repeat it.
      hint:
        typeof value === 'number'
          ? 'Quote the version: without quotes YAML reads a number, and 4.10 as 4.1.'
          : 'Write numbers and dots: major, minor, patch.',
    },
  };
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function isNumber(text: string): boolean {
  return DIGITS.test(text) && (text.length === 1 || text[0] !== '0');
}

/** Of two numbers without leading zeros the longer is the larger; alike in length, they order as text. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function compareIdentifiers(a: string, b: string): number {
  const aIsNumber = DIGITS.test(a);
  if (aIsNumber !== DIGITS.test(b)) return aIsNumber ? -1 : 1;
  return aIsNumber ? compareNumbers(a, b) : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
