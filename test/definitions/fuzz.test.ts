// Whatever someone commits, loading it neither throws nor hangs, and what it says about it is true of it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keep, restore } from '../../src/definitions/kept.ts';
import { type Loaded, loadDefinitions } from '../../src/definitions/load.ts';
import { damagedProject, sample } from './support/mutations.ts';
import { load, sourceFiles, type Texts } from './support/project.ts';
import { expectSound } from './support/sound.ts';

const runs = { seed: 20_261_120 };

test('any bytes', () => {
  const file = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(file, (content) => {
      expectSound(load({ 'f.yaml': content }), { 'f.yaml': content });
    }),
    { ...runs, numRuns: 500 },
  );
});

test('any text', () => {
  const file = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json(), fc.lorem());
  fc.assert(
    fc.property(file, (text) => {
      expectSound(load({ 'f.yaml': text }), { 'f.yaml': text });
    }),
    { ...runs, numRuns: 500 },
  );
});

test('any value where a definition is expected', () => {
  const key = fc.constantFrom(
    'environments',
    'variations',
    'rules',
    'if',
    'then',
    'and',
    'serve',
    'rollout',
    'targets',
    'prod',
    'on',
    'x',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, 0, 1.5, 'on', 'prod', ''),
      tie('list'),
      tie('mapping'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    mapping: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  }));
  const kind = fc.constantFrom('flag', 'segment', 'experiment', 'metric', 'project');
  fc.assert(
    fc.property(kind, fc.dictionary(key, value), fc.constantFrom('boolean', 'json'), (first, rest, type) => {
      const text = JSON.stringify({ [first]: 'f', type, permanent: true, ...rest });
      const texts = { [first === 'project' ? 'project.yaml' : 'f.yaml']: text };
      expectSound(load(texts), texts);
    }),
    { ...runs, numRuns: 1_000 },
  );
});

test('the sample project, damaged: whole, again, and from what was kept of it', () => {
  const seen = { refused: 0, accepted: 0 };
  let previous = loadDefinitions(sourceFiles(sample));
  fc.assert(
    fc.property(damagedProject, (texts) => {
      const files = sourceFiles(texts);
      const loaded = loadDefinitions(files);
      expectSound(loaded, texts);
      expect(outcomeOf(loadDefinitions(files, previous))).toEqual(outcomeOf(loaded));
      const restored = restoredFiles(texts, previous);
      expect(outcomeOf(loadDefinitions(files, { files: restored }))).toEqual(outcomeOf(loaded));
      previous = loaded;
      seen[loaded.ok ? 'accepted' : 'refused'] += 1;
    }),
    { ...runs, numRuns: 200 },
  );
  // Both sides are met, or the property would say little.
  expect(Math.min(seen.refused, seen.accepted)).toBeGreaterThan(20);
});

/** All but what is kept for the next load. */
function outcomeOf({ files: _, ...outcome }: Loaded) {
  return outcome;
}

/** What a cache would give back: everything that was read before and is unchanged. */
function restoredFiles(texts: Texts, { files }: Loaded) {
  return new Map(
    [...files.values()].flatMap((file) => {
      const entry = texts[file.path] === file.content ? keep(file) : undefined;
      return entry ? [[file.path, restore(file.path, file.content, structuredClone(entry))] as const] : [];
    }),
  );
}
