// What commits do to an override that stands: they carry it along, and none removes what it serves. Real repositories, a real sync.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../../src/audit/verify.ts';
import type { FlagBody } from '../../../src/model/snapshot.ts';
import type { OverrideRequest } from '../../../src/sync/override/content.ts';
import { writeOverride } from '../../../src/sync/override/write.ts';
import {
  CommitStream,
  servedByDatabase,
  untilJudged,
  wantedByWorkTree,
} from '../../support/commit-stream.ts';
import type { FileEdits } from '../../support/git-repository.ts';
import { SyncProcess } from '../../support/sync-process.ts';
import { flagYaml, SyncProject, sampleFiles } from '../../support/sync-project.ts';
import { until } from '../../support/until.ts';

/** Which ranking a search uses: another variation than `off` and `on`. */
const ranking = (...variations: string[]) => `flag: ranking
description: A flag.
owner: shop
permanent: true
type: string
variations: { ${variations.map((name) => `${name}: "${name}"`).join(', ')} }
environments:
  dev: { serve: semantic }
  prod: { serve: semantic }
`;

let project: SyncProject;
beforeEach(async () => {
  project = await SyncProject.create();
  await apply('import', { ...sampleFiles(), 'flags/ranking.yaml': ranking('classic', 'semantic') });
});
afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

async function apply(subject: string, edits: FileEdits) {
  await project.repository.commit(subject, edits);
  return project.sync();
}

function override(request: Partial<OverrideRequest> = {}, agoMs = 0) {
  const asked = {
    action: 'set',
    flag: 'ranking',
    environment: 'prod',
    serve: 'classic',
    forMs: 60_000,
    reason: 'slow',
  };
  return writeOverride({ ...asked, ...request } as OverrideRequest, {
    databaseUrl: project.database.url,
    operator: { name: 'ops' },
    now: () => Date.now() - agoMs,
  });
}

async function body(flag = 'ranking'): Promise<FlagBody | null> {
  const [row] = await project.query<{ body: string | null }>(
    `select body from halyard.environment_definition where environment = 'prod' and key = $1`,
    [flag],
  );
  return JSON.parse(row?.body ?? 'null');
}

const whole = async () => expect(await verifyAudit(project.pool)).not.toHaveProperty('break');
const standing = { serve: 'classic', until: expect.any(String) };

describe('I11: an override', () => {
  test('that stands is carried along by commits that edit and move the flag, until it is deleted', async () => {
    await override();
    const edited = ranking('classic', 'semantic').replace(
      'prod: { serve: semantic }',
      'prod: { enabled: false }',
    );
    const { events } = await apply('edit', { 'flags/ranking.yaml': edited });
    expect(events).toMatchObject([{ type: 'applied' }]);
    expect(await body()).toMatchObject({ enabled: false, override: standing });
    await apply('move', { 'flags/ranking.yaml': null, 'flags/search/ranking.yaml': edited });
    expect(await body()).toMatchObject({ enabled: false, override: standing });
    await apply('not named there', {
      'flags/search/ranking.yaml': edited.replace('  prod: { enabled: false }\n', ''),
    });
    expect(await body()).toMatchObject({ enabled: false, override: standing });
    await apply('delete', { 'flags/search/ranking.yaml': null });
    expect(await body()).toBeNull();
    await apply('again', { 'flags/ranking.yaml': ranking('classic', 'semantic') });
    expect(await body()).not.toHaveProperty('override');
    await whole();
  });

  test.each([
    ['stands', 0],
    ['has ended', 120_000],
  ])(
    'that %s keeps its variation: a commit that removes it is rejected until the override is lifted',
    async (_, agoMs) => {
      await override({}, agoMs);
      const { outcome, events } = await apply('remove', { 'flags/ranking.yaml': ranking('semantic') });
      expect(outcome).toBe('rejected');
      expect(events).toMatchObject([
        {
          problems: [
            {
              code: 'overridden-variation-removed',
              file: 'ranking.yaml',
              message: expect.stringMatching(
                /^An emergency override serves the variation `classic` of `ranking` in prod until /,
              ),
              hint: expect.stringContaining('halyard override lift ranking --environment prod'),
            },
          ],
        },
      ]);
      expect(await body()).toMatchObject({ variations: { classic: 'classic' }, override: standing });
      await override({ action: 'lift' });
      // The same commit is not judged again: a later one brings it along.
      await apply('edit', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
      expect(await body()).toMatchObject({ variations: { semantic: 'semantic' } });
      expect(await body()).not.toHaveProperty('override');
      await whole();
    },
  );

  test('ends with its environment', async () => {
    await override();
    const yaml = ranking('semantic').replace('  prod: { serve: semantic }\n', '');
    const without = {
      'flags/ranking.yaml': yaml,
      'flags/checkout.yaml': flagYaml('checkout').replace(/ {2}prod:.*/s, ''),
      'flags/project.yaml': String(sampleFiles()['flags/project.yaml']).replace(/ {2}prod: .*\n/, ''),
    };
    expect(await apply('no prod', without)).toMatchObject({ outcome: 'applied' });
    await apply('prod again', { ...sampleFiles(), 'flags/ranking.yaml': ranking('classic', 'semantic') });
    expect(await body()).not.toHaveProperty('override');
    await whole();
  });
});

test('overrides are set and lifted while git is away, and sync goes on from there', async () => {
  const { content } = await project.repository.away(() => override());
  expect(content).toMatchObject({ entry: 2, revision: 2 });
  const { events } = await apply('edit', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  expect(events).toMatchObject([{ entry: 3, revision: 3 }]);
  expect(await body()).toMatchObject({ override: standing });
  await project.repository.away(() => override({ action: 'lift' }));
  expect(await body()).not.toHaveProperty('override');
  await whole();
});

test('I6: overrides come in between the commits that a sync applies, and nothing of either is lost', async () => {
  await using sync = new SyncProcess(
    ['--repo', project.repository.folder, '--state-dir', project.stateFolder, '--interval', '50ms'],
    { HALYARD_DATABASE_URL: project.database.url },
  );
  const stream = new CommitStream(project, 0);
  const set = [];
  for (let n = 0; n < 6; n++) {
    const judged = sync.output.length;
    set.push((await override({ action: n % 3 === 2 ? 'lift' : 'set', reason: `the ${n}th` })).content.entry);
    // Each comes after another commit.
    await until(() => sync.output.length > judged || sync.hasEnded);
  }
  await untilJudged(project, await stream.stop());
  expect(await sync.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const entries = await project.entries();
  expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_, index) => index + 1));
  const reasons = entries.flatMap(({ entry, reason }) => (reason === undefined ? [] : [[entry, reason]]));
  expect(reasons).toEqual(set.map((entry, n) => [entry, `the ${n}th`]));
  // The last one was lifted, so what is served is what the work tree says.
  expect(await servedByDatabase(project)).toEqual(await wantedByWorkTree(project));
  await whole();
});
