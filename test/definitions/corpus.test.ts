// Hostile files: whatever they hold, they are read in bounded time, and what is said about them is true of them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type KeptFile, keep, restore } from '../../src/definitions/kept.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { generatedCorpus, generatedPolicies } from './corpus/generated.ts';
import { PROJECT, sourceFiles } from './support/project.ts';
import { expectSound } from './support/sound.ts';

const folder = join(import.meta.dirname, 'corpus');
const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
const kept = await Promise.all(
  names.map(async (name) => [name, await readFile(join(folder, name))] as const),
);
const corpus: (readonly [string, Uint8Array])[] = [...kept, ...generatedCorpus];

test.each(corpus)('%s is accepted or refused, with problems that stand within it', (title, content) => {
  const name = title.endsWith('.yaml') ? title : 'f.yaml';
  const loaded = loadDefinitions(sourceFiles({ 'project.yaml': PROJECT, [name]: content }));
  expectSound(loaded, { [name]: content });
  const read = loaded.files.get(name);
  const entry = read && keep(read);
  // What a cache keeps of it comes back as it was read.
  if (entry) expect(restore(name, content, throughJson(entry))).toEqual(read);
});

function throughJson({ offsets, ...rest }: KeptFile): KeptFile {
  return { ...JSON.parse(JSON.stringify(rest)), offsets: Uint32Array.from([...offsets]) };
}

test.each([...kept, ...generatedPolicies])('%s is sound as the access policy, too', (_, content) => {
  const texts = { 'access.yaml': content };
  expectSound(loadDefinitions(sourceFiles({ 'project.yaml': PROJECT, ...texts })), texts);
});

test('the generated policies are hostile in their rules, and not for their size', () => {
  for (const [title, content] of generatedPolicies) {
    const { problems } = loadDefinitions(sourceFiles({ 'project.yaml': PROJECT, 'access.yaml': content }));
    const codes = problems.map(({ code }) => code);
    for (const code of ['too-many-tokens', 'file-too-large', 'invalid-yaml', 'wrong-value'])
      expect(codes, title).not.toContain(code);
  }
});

test.each(kept)('%s is sound as the project, too', (_, content) => {
  expectSound(loadDefinitions(sourceFiles({ 'project.yaml': content })), { 'project.yaml': content });
});

test('the files of the corpus are as hostile as they were written', () => {
  const of = (name: string) => kept.find(([known]) => known === name)?.[1] ?? new Uint8Array();
  expect([...of('byte-order-mark.yaml').subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect([...of('utf-16-le.yaml').subarray(0, 2)]).toEqual([0xff, 0xfe]);
  expect(of('crlf.yaml').filter((byte) => byte === 0x0d)).toHaveLength(8);
  expect(of('null-characters.yaml')).toContain(0);
});
