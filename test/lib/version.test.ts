// One version, in two places that cannot read each other.
import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { VERSION } from '../../src/lib/version.ts';

it('the version that Halyard shows is the one of its package', () => {
  expect(VERSION).toBe(packageJson.version);
});
