// `halyard plan --traffic`: what it asks a database, and when. What is answered is tested where there is traffic, in experiment.pg.test.ts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SampleRepository } from '../../support/sample-repository.ts';

/** Nothing listens there. */
const NOWHERE = 'postgres://halyard:secret@127.0.0.1:1/halyard';
const FLAG = 'flags/checkout/one-page-checkout.yaml';
const EXPERIMENT = 'flags/checkout/page-layout.yaml';

let sample: SampleRepository;
beforeAll(async () => {
  sample = await SampleRepository.create();
  await sample.replace('Ramp', FLAG, 'percent: 10 ', 'percent: 20 ');
  await sample.replace('Look less', EXPERIMENT, 'looks: 5', 'looks: 3');
  await sample.replace('Stop', EXPERIMENT, 'status: running', 'status: stopped');
});
afterAll(() => sample[Symbol.asyncDispose]());

test.each([
  ['a change of a flag asks no database', 'HEAD~3', 'HEAD~2', 0],
  ['an experiment that stops needs no traffic', 'HEAD~1', 'HEAD', 0],
  ['where the database does not answer, no plan is made without it', 'HEAD~2', 'HEAD~1', 3],
])('%s', async (_, base, head, code) => {
  const ended = await sample.run(['plan', base, head, '--database-url', NOWHERE]);
  expect(ended).toMatchObject({ code });
  expect(ended.stdout + ended.stderr).not.toContain('secret');
});

test('without --traffic a running experiment’s plan is warned of from the files alone', async () => {
  const { code, stdout } = await sample.run(['plan', 'HEAD~2', 'HEAD~1']);
  expect(code).toBe(0);
  expect(stdout).toContain(
    '`page-layout` is running, and its `analysis.sequential` changes: a plan that changes',
  );
});

test('--traffic without a database says which one it needs', async () => {
  const { code, stderr } = await sample.run(['plan', 'HEAD~2', 'HEAD~1', '--traffic']);
  expect(code).toBe(2);
  expect(stderr).toContain('HALYARD_DATABASE_URL');
});
