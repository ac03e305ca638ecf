// Operands against other implementations: addresses against Node, versions against npm, dates against JavaScript, case folding against Unicode.
import { isIP } from 'node:net';
import fc from 'fast-check';
import semver from 'semver';
import { expect, test } from 'vitest';
import { parseAddress } from '../../src/engine/operands/address.ts';
import { compareInstants, type Instant, parseInstant } from '../../src/engine/operands/instant.ts';
import { fold, isLongerThan } from '../../src/engine/operands/text.ts';
import { compareVersions, parseVersion, type Version } from '../../src/engine/operands/version.ts';

const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(':', '::', '0', 'f', 'ffff', '1', '25', '6', '.', '1.2.3.4', '255') }),
);

test('an address is one exactly where Node says so, zones apart', () => {
  fc.assert(
    fc.property(addressLike, (text) => {
      expect(parseAddress(text) !== undefined, text).toBe(isIP(text) !== 0);
    }),
    { numRuns: 5000, seed: 5 },
  );
});

test.each([
  ['::ffff:192.0.2.1', [192, 0, 2, 1]],
  ['::192.0.2.1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1]],
  ['1:2::fffe', [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 254]],
  ['fe80::1%eth0', undefined],
])('the bytes of %s are %j', (text, bytes) => {
  expect(parseAddress(text)).toEqual(bytes);
});

const identifier = fc.oneof(fc.nat(30).map(String), fc.constantFrom('alpha', 'beta', 'rc', 'x-1', '-', '0a'));
const versionText = fc
  .tuple(fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }), fc.array(identifier, { maxLength: 3 }))
  .map(([core, prerelease]) => core.join('.') + (prerelease.length > 0 ? `-${prerelease.join('.')}` : ''));

test('versions rank as npm ranks them', () => {
  fc.assert(
    fc.property(versionText, versionText, (a, b) => {
      const order = compareVersions(parseVersion(a) as Version, parseVersion(b) as Version);
      expect(Math.sign(order), `${a} ${b}`).toBe(semver.compare(a, b));
    }),
    { numRuns: 2000, seed: 5 },
  );
});

test('what npm takes for a full version is one, and nothing else of its shape', () => {
  const shape = fc
    .string({ unit: fc.constantFrom('0', '1', '12', '.', '-', '+', 'a', '٣', ' ') })
    .map((end) => `1.2.${end}`);
  fc.assert(
    fc.property(shape, (text) => {
      const ours = parseVersion(text) !== undefined && !/^1\.2\.?$/.test(text);
      expect(ours, text).toBe(semver.valid(text) !== null && text === text.trim());
    }),
    { numRuns: 5000, seed: 5 },
  );
});

test('an instant in milliseconds is the one that JavaScript reads, in any offset', () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date('0000-01-02T00:00:00Z'),
        max: new Date('9999-12-30T00:00:00Z'),
        noInvalidDate: true,
      }),
      fc.integer({ min: -1439, max: 1439 }),
      (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const two = (number: number) => String(number).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        expect(parseInstant(local + zone)).toEqual(parseInstant(date.getTime()));
      },
    ),
  );
});

test('a text of more than 64 characters is no instant', () => {
  const of = (length: number) => parseInstant(`2026-01-01T00:00:00.${'1'.repeat(length - 21)}Z`);
  expect(of(64)).toBeDefined();
  expect(of(65)).toBeUndefined();
});

test('instants differ by a nanosecond and less', () => {
  const [a, b] = [
    parseInstant('2026-01-01T00:00:00.000000001Z'),
    parseInstant('2026-01-01T00:00:00.000000002Z'),
  ];
  expect(compareInstants(a as Instant, b as Instant)).toBeLessThan(0);
});

test('folding is the simple lower case of each code point, whatever stands beside it', () => {
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point);
    const expected = point === 0x130 ? 'i' : character.toLowerCase();
    if (fold(character) !== expected || fold(`a${character}`) !== `a${expected}`)
      expect.fail(`U+${point.toString(16)}`);
  }
});

test('length counts code points', () => {
  expect(isLongerThan('🙂'.repeat(10), 10)).toBe(false);
  expect(isLongerThan('🙂'.repeat(11), 10)).toBe(true);
  expect(isLongerThan('x'.repeat(11), 10)).toBe(true);
});
