// One git that answers many questions, on a real repository: what it says, what ends it, and that it starts again.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CatFile } from '../../src/git/cat-file.ts';
import { localEnvironment } from '../../src/git/environment.ts';
import { GitRepository } from '../support/git-repository.ts';

const NEVER_TOO_LONG = Number.POSITIVE_INFINITY;
const LARGE = randomBytes(512 * 1024);

let repository: GitRepository;
let reader: CatFile;
let small: string;
let large: string;

const environment = () =>
  localEnvironment({ globalConfigFile: '/dev/null', ceilings: [], inherited: process.env });

beforeAll(async () => {
  repository = await GitRepository.create();
  await repository.commit('files', { small: 'a\n', large: LARGE });
  small = await repository.git('rev-parse', ':small');
  large = await repository.git('rev-parse', ':large');
});

afterAll(() => repository[Symbol.asyncDispose]());

beforeEach(() => {
  reader = new CatFile({ folder: repository.folder, environment: environment() }, '--batch');
});

afterEach(() => reader.end());

const ask = async (...names: string[]) =>
  (await reader.ask(names, NEVER_TOO_LONG, undefined)).toString('latin1');

test('questions are answered in their order, each with what it asks for alone', async () => {
  const answers = await Promise.all([ask(small, 'no-such-name'), ask(large), ask(small)]);
  const ofSmall = `${small} blob 2\na\n\n`;
  expect(answers[0]).toBe(`${ofSmall}no-such-name missing\n`);
  expect(answers[1]).toBe(`${large} blob ${LARGE.length}\n${LARGE.toString('latin1')}\n`);
  expect(answers[2]).toBe(ofSmall);
});

test('an object that reads like the end of an answer is no end of one', async () => {
  const text = `?${'0'.repeat(32)} missing\n`;
  await repository.commit('a trap', { trap: text });
  const trap = await repository.git('rev-parse', ':trap');
  expect(await ask(trap, small)).toBe(`${trap} blob ${text.length}\n${text}\n${small} blob 2\na\n\n`);
});

test('what is committed after the first question is found by the next one', async () => {
  await ask(small);
  await repository.commit('later', { later: 'b\n' });
  const later = await repository.git('rev-parse', ':later');
  await repository.git('repack', '-q', '-a', '-d');
  expect(await ask(later)).toBe(`${later} blob 2\nb\n\n`);
});

test('of an answer that is too long no more than its beginning is read, and the next question is answered', async () => {
  const maxBytes = 1_000;
  const answer = await reader.ask([large], maxBytes, undefined);
  expect(answer.length).toBeGreaterThan(maxBytes);
  expect(answer.length).toBeLessThan(LARGE.length);
  expect(await ask(small)).toContain('blob 2');
});

test('an aborted question throws the signal’s reason, and the next one is answered', async () => {
  const controller = new AbortController();
  const question = reader.ask([large], NEVER_TOO_LONG, controller.signal);
  queueMicrotask(() => queueMicrotask(() => controller.abort(new Error('no more time'))));
  await expect(question).rejects.toThrow('no more time');
  expect(await ask(small)).toContain('blob 2');
});

test('a git that fails says why, and the next question is for a new one', async () => {
  const nowhere = new CatFile(
    { folder: '/', environment: { ...environment(), GIT_DIR: '/nonexistent' } },
    '--batch',
  );
  for (const _ of [1, 2])
    await expect(nowhere.ask([small], NEVER_TOO_LONG, undefined)).rejects.toMatchObject({
      name: 'GitError',
      message: expect.stringContaining('not a git repository'),
    });
});

test('after its end a question starts a new one', async () => {
  await ask(small);
  reader.end();
  expect(await ask(small)).toContain('blob 2');
});

test('a program whose last question is answered ends, though git waits for more', async () => {
  const module = join(import.meta.dirname, '../../src/git/cat-file.ts');
  const script = `
    // So that git is never told to end.
    globalThis.setTimeout = () => ({ unref() {} });
    const { CatFile } = await import(${JSON.stringify(module)});
    const reader = new CatFile({ folder: process.argv[1], environment: process.env }, '--batch');
    await reader.ask(['HEAD'], Infinity, undefined);
    process.stdout.write('answered');
  `;
  const ended = promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script, repository.folder],
    { timeout: 60_000 },
  );
  await expect(ended).resolves.toMatchObject({ stdout: 'answered' });
});
