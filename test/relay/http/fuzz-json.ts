// JSON as nobody should write it, as text: numbers beyond doubles, keys twice, lone surrogates, prototypes, and contexts that almost fit.
import type { Chance } from './fuzz-random.ts';
import { ATTRIBUTES, FLAGS } from './fuzz-snapshot.ts';

const KEYS = [
  ...ATTRIBUTES,
  ...[
    'targetingKey',
    'nested',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'length',
    'then',
    'toJSON',
    'valueOf',
  ],
  ...['ü', '\u0000', '💥', 'a.b.c', '.', 'k'.repeat(300), 'context', 'default', 'flags'],
];
const SCALARS = [
  ...['null', 'true', 'false', '0', '-0', '1', '42', '0.5', '1e999', '-1e999', '1e-999', '9007199254740993'],
  ...[
    '123456789012345678901234567890',
    '""',
    '"pro"',
    '"PRO"',
    '"alice"',
    '"\\ud800"',
    '"\\udc00x"',
    '"\\u0000"',
  ],
  ...['"1.2.3"', '"v1"', '"1.2.3-rc.1+b"', '"10.1.2.3"', '"::ffff:10.0.0.1"', '"2026-01-01T00:00:00Z"'],
  ...['"2026-13-99T99:99:99Z"', '"abababc123"', '"__proto__"', '"\\/"', '"é\u2028"'],
];
/** No JSON. */
const BROKEN = [
  'undefined',
  'NaN',
  "'x'",
  '{',
  '[1,]',
  '"\n"',
  '"\\x"',
  '01',
  '+1',
  '.5',
  '1.',
  '',
  '}',
  '"',
  '\u00a0',
  '/**/1',
];

export function anyValue(chance: Chance, depth = 0): string {
  if (depth > 5 || chance.once(2)) return scalar(chance);
  const count = depth < 2 && chance.once(200) ? chance.below(1_500) : chance.below(4);
  const several = <Item>(make: () => Item) => Array.from({ length: count }, make);
  if (chance.once(100)) return nested(chance);
  if (chance.once(2)) return `[${several(() => anyValue(chance, depth + 3)).join(',')}]`;
  return objectOf(several(() => [key(chance), anyValue(chance, depth + 1)] as const));
}

function scalar(chance: Chance): string {
  if (chance.once(60)) return chance.of(BROKEN);
  if (chance.once(12)) return text(chance);
  return chance.of(SCALARS);
}

/** Long where it would hurt: versions, instants and addresses of absurd length, and texts for regular expressions. */
function text(chance: Chance): string {
  const unit = chance.of(['a', '1.', 'ab', '9', ':', '0', '-', 'ü', '\\u0041', '2026-01-01T00:00:00.9']);
  return `"${unit.repeat(chance.once(50) ? chance.below(8_000) : chance.below(60))}"`;
}

function nested(chance: Chance): string {
  const levels = chance.below(90);
  const [open, close] = chance.of([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"b":', '}]'],
  ] as const);
  return `${open.repeat(levels)}1${close.repeat(levels)}`;
}

function key(chance: Chance): string {
  return JSON.stringify(chance.of(KEYS));
}

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`;
}

function context(chance: Chance): string {
  if (chance.once(25)) return anyValue(chance);
  const members = Array.from({ length: chance.below(6) }, () => [key(chance), anyValue(chance)] as const);
  if (!chance.once(4)) members.push(['"targetingKey"', chance.of(SCALARS)]);
  return objectOf(members);
}

/** A body that an evaluate route takes, often with something wrong in it. */
export function anyBody(chance: Chance): string {
  if (chance.once(40)) return anyValue(chance);
  const members: [string, string][] = [];
  if (!chance.once(20)) members.push(['"context"', context(chance)]);
  if (chance.once(3)) members.push(['"default"', anyValue(chance)]);
  if (chance.once(3)) {
    const flags = Array.from({ length: chance.below(4) }, () =>
      chance.once(8) ? anyValue(chance) : JSON.stringify(chance.of([...FLAGS, '__proto__', 'nope', ''])),
    );
    members.push(['"flags"', chance.once(10) ? anyValue(chance) : `[${flags.join(',')}]`]);
  }
  if (chance.once(20)) members.push([key(chance), anyValue(chance)]);
  const body = objectOf(members);
  return chance.once(60)
    ? `\ufeff${body}`
    : chance.once(60)
      ? body.slice(0, chance.below(body.length))
      : body;
}
