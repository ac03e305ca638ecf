// What a newer version writes is refused by an older one, wherever it stands in a body, and never passed over in silence.
import { expect, test } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { CompileError } from '../../src/engine/compile-error.ts';
import { bodyDigest, type EnvironmentDefinition, type Snapshot } from '../../src/model/snapshot.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import { full } from '../support/full-snapshot.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';

/** Their members are names that authors choose. */
const NAMES = /(?:\.variations|\.targets|\.attributes)$/;

/** The paths of all objects in a value. */
function objectsIn(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) || (NAMES.test(path) && !path.includes('rollout')) ? [] : [path];
  return [...own, ...Object.entries(value).flatMap(([name, child]) => objectsIn(child, `${path}.${name}`))];
}

function withMember(snapshot: Snapshot, path: string, member: string): Snapshot {
  const changed = structuredClone(snapshot);
  let place: unknown = changed.definitions;
  for (const name of path.split('.').slice(1)) place = (place as { [name: string]: unknown })[name];
  // Not assigned: `__proto__` is to be a member as JSON.parse makes it.
  Object.defineProperty(place, member, { value: 1, enumerable: true });
  const index = Number(path.split('.')[1]);
  const row = changed.definitions[index] as EnvironmentDefinition;
  row.digest = bodyDigest(row.body);
  return { ...changed, revision: snapshot.revision + 1 };
}

const places = full.definitions.flatMap(({ body }, index) => objectsIn(body, `.${index}.body`));

test('what this version knows is taken', () => {
  expect(compile(full).flags.size).toBe(2);
  expect(places.length).toBeGreaterThan(25);
});

test.each(places)('a member that it does not know is refused at %s', (path) => {
  const { kind, key } = full.definitions[Number(path.split('.')[1])] as EnvironmentDefinition;
  const before = compile(full, { proven: 'nothing' });
  for (const member of ['fromTheFuture', '__proto__', 'toString']) {
    const newer = withMember(full, path, member);
    for (const proven of [undefined, 'nothing', before] as const) {
      const attempt = () => compile(newer, { ...(proven && { proven }) });
      expect(attempt).toThrow(CompileError);
      expect(attempt).toThrow(expect.objectContaining({ kind, key }));
      expect(attempt).toThrow(new RegExp(`does not know the member \`${member}\`.*Upgrade the relay`));
    }
  }
});

test.each<[string, object]>([
  ['a condition', { rules: [{ if: { xor: [] }, then: { serve: 'on' } }] }],
  [
    'an operator',
    { rules: [{ if: { attribute: 'a', operator: 'resembles', value: 1 }, then: { serve: 'on' } }] },
  ],
  ['an outcome', { fallthrough: { bandit: 'b' } }],
])('%s that it does not know is refused', (_, body) => {
  expect(() => compile(snapshotOfBodies({ flags: { flag: body } }))).toThrow(
    /`flag` does not compile.*older/,
  );
});

test('a kind of definition that it does not know is refused', () => {
  const holdout = { ...full.definitions[1], kind: 'holdout', key: 'h' } as never;
  expect(() => compile({ ...full, definitions: [...full.definitions, holdout] })).toThrow(
    /holdout `h` does not compile: this relay is older/,
  );
});

test('the relay keeps the old snapshot and says to upgrade', async () => {
  const store = new SnapshotStore();
  await store.offer(full);
  const newer = withMember(full, places.find((path) => path.endsWith('rules.0.then')) ?? '', 'gradually');
  expect(await store.offer(newer)).toEqual({
    type: 'refused',
    fault: {
      code: 'does-not-compile',
      message:
        'flag `flag` does not compile: this relay is older than what wrote it and does not know the member ' +
        '`gradually` of its serve outcome. Upgrade the relay',
    },
  });
  expect(store.served?.snapshot.revision).toBe(full.revision);
});
