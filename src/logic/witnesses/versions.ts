// Versions that stand for all: each constant and the version right after it (semver.org §11).
import { parseVersion, type Version } from '../../engine/operands/version.ts';

/** The lowest version that there is. */
const LOWEST = '0.0.0-0';
/** A patch number of more digits is not counted on. */
const MOST_DIGITS = 100;

/** Of any version, one of these ranks alike against every constant. Undefined for constants that are too long. */
export function versionsAround(constants: readonly string[]): string[] | undefined {
  const versions = [LOWEST];
  for (const constant of constants) {
    const version = parseVersion(constant);
    if (!version || version.core[2].length > MOST_DIGITS) return undefined;
    versions.push(constant, successor(version));
  }
  return versions;
}

/** Nothing ranks between the two: of one core 0 is the lowest pre-release, and of those that begin alike the shortest. */
function successor({ core: [major, minor, patch], prerelease }: Version): string {
  if (prerelease.length > 0) return `${major}.${minor}.${patch}-${prerelease.join('.')}.0`;
  return `${major}.${minor}.${BigInt(patch) + 1n}-0`;
}
