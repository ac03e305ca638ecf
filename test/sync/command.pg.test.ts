// `halyard sync` as people and jobs run it: its exit codes, its lines, its signals, and nothing but git that changes what is applied.
import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SyncProcess } from '../support/sync-process.ts';
import { flagYaml, PROJECT, SyncProject, sampleFiles } from '../support/sync-project.ts';
import { Team } from '../support/team.ts';
import { until } from '../support/until.ts';

let project: SyncProject;
let imported: string;

beforeEach(async () => {
  project = await SyncProject.create();
  imported = await project.repository.commit('import', sampleFiles());
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

function halyardSync(...args: string[]): SyncProcess {
  const { repository, stateFolder, database } = project;
  const common =
    args[0] === 'accept-history' ? [] : ['--repo', repository.folder, '--state-dir', stateFolder];
  return new SyncProcess([...common, ...args], { HALYARD_DATABASE_URL: database.url });
}

async function once(...args: string[]): Promise<{ code: number | null; output: string[]; errors: string[] }> {
  await using sync = halyardSync('--once', ...args);
  const { code } = await sync.ended;
  return { code, output: sync.output, errors: sync.errors };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('--once', () => {
  test('exits 0 when the head is applied, with one line for each commit', async () => {
    expect(await once()).toEqual({
      code: 0,
      output: [`applied   ${imported.slice(0, 10)}  entry 1  Ada Author: import  (revision 1, 6 rows)`],
      errors: [],
    });
    expect(await once()).toEqual({ code: 0, output: [], errors: [] });
  });

  test('exits 1 while the head is rejected, and says what is wrong and where', async () => {
    await once();
    const bad = await project.repository.commit('bad', { 'flags/bad.yaml': 'flag: bad\ntypo: 1\n' });
    const { code, output } = await once();
    expect(code).toBe(1);
    expect(output).toHaveLength(1);
    expect(output[0]).toMatch(
      new RegExp(
        `^rejected  ${bad.slice(0, 10)}  entry 2  Ada Author: bad  \\(flags/bad\\.yaml:\\d+:\\d+ [a-z-]+: `,
      ),
    );
    const again = await once();
    expect(again).toMatchObject({ code: 1, output: [] });
    expect(again.errors.join('\n')).toMatch(
      new RegExp(
        `^halyard: the head is rejected as before \\(bad\\.yaml:.*\\)\\. Why: halyard access explain ${bad.slice(0, 10)}$`,
      ),
    );
  });

  test('exits 1 while the policy refuses the head, and says who signed, what is missing and who could approve', async () => {
    await using team = await Team.create();
    const pay = (percent: number) => ({ 'flags/payments/pay.yaml': flagYaml('pay', percent) });
    await project.repository.commit('policy', { 'flags/access.yaml': team.policy(), ...pay(10) });
    await once();
    const head = await team.commit(project.repository, 'bob', 'to 20', pay(20));
    const { code, output } = await once('--format', 'json');
    expect(code).toBe(1);
    expect(output.map((line) => JSON.parse(line))).toMatchObject([
      {
        type: 'rejected',
        commit: head,
        signature: { status: 'valid', person: 'bob' },
        approvedBy: [],
        problems: [
          {
            code: 'approval-missing',
            file: 'payments/pay.yaml',
            message: expect.stringContaining('lets bob change it in prod with 1 approval'),
            hint: expect.stringContaining('alice or carol'),
          },
        ],
      },
    ]);
    expect(await once()).toEqual({
      code: 1,
      output: [],
      errors: [
        `halyard: the head is rejected as before (payments/pay.yaml:1:1 approval-missing). Why: halyard access explain ${head.slice(0, 10)}`,
      ],
    });
    await team.approve(project.repository, 'carol');
    expect(await once()).toEqual({
      code: 0,
      output: [
        `applied   ${head.slice(0, 10)}  entry 3  Bob: to 20  (revision 2, 2 rows, signed by bob, approved by carol)`,
      ],
      errors: [],
    });
  });

  test('exits 1 when the first head names no project', async () => {
    const { code, output } = await once('--path', 'elsewhere');
    expect(code).toBe(1);
    expect(output[0]).toContain('the head names no project');
  });

  test('exits 1 when the history diverged, until it is accepted', async () => {
    await once();
    await project.repository.git('commit', '--amend', '-q', '-m', 'amended');
    const { code, output } = await once();
    expect(code).toBe(1);
    const command = /halyard sync (accept-history [0-9a-f]{40})$/.exec(output[0] ?? '')?.[1];
    const database = ['--database-url', project.database.url];
    await using accept = new SyncProcess([...(command ?? '').split(' '), '--actor', 'ada', ...database]);
    expect(await accept.ended).toMatchObject({ code: 0 });
    expect(accept.output).toEqual([
      `accepted ${await project.repository.head()} as the history of ${PROJECT}, entry 3`,
    ]);
    expect((await once()).code).toBe(0);
  });

  test('exits 2 for wrong use', async () => {
    const codes = await Promise.all(
      [
        ['--repo', 'ext::sh -c true'],
        ['--interval', 'soon'],
        ['--path', '/etc'],
        ['--state-dir', '/dev/null/x'],
        ['--branch', '-x'],
        ['accept-history'],
      ].map(async (args) => (await once(...args)).code),
    );
    expect(codes).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('exits 3 after 30 s without git', { timeout: 120_000 }, async () => {
    const { code, errors } = await once('--branch', 'missing');
    expect(code).toBe(3);
    expect(errors.at(-1)).toBe(`halyard: ${project.repository.folder} has no branch missing.`);
  });
});

test('prints events as JSON lines where it is asked to', async () => {
  const { output } = await once('--format', 'json');
  expect(output.map((line) => JSON.parse(line))).toMatchObject([
    { type: 'applied', entry: 1, commit: imported },
  ]);
});

test('SIGTERM ends it with exit code 0, and leaves no connection', async () => {
  await using sync = halyardSync();
  await until(() => sync.output.length > 0);
  expect(await sync.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

describe('I11: no way around git', () => {
  test('what is not committed to the branch is not applied', async () => {
    await once();
    const { repository } = project;
    await repository.git('checkout', '-q', '-b', 'other');
    await repository.commit('on another branch', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
    await repository.git('checkout', '-q', 'main');
    await repository.edit('flags/checkout.yaml', flagYaml('checkout', 30));
    await repository.git('add', '--all');
    await repository.edit('flags/checkout.yaml', flagYaml('checkout', 40));
    await repository.git('replace', imported, 'other');
    expect(await once()).toEqual({ code: 0, output: [], errors: [] });
    expect(await project.entries()).toHaveLength(1);
  });

  test('a webhook wakes sync, and what it says is not even read', async () => {
    const secret = 'a secret of some length';
    const file = `${project.stateFolder}/secret`;
    await writeFile(file, secret);
    const port = await freePort();
    await using sync = halyardSync(
      '--listen',
      `127.0.0.1:${port}`,
      '--webhook-secret-file',
      file,
      '--interval',
      '1h',
    );
    await until(() => sync.output.length === 1);
    const call = async (body: string) => {
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const headers = { 'x-hub-signature-256': signature, 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${port}/hooks/git`, { method: 'POST', headers, body });
      return answer.status;
    };
    const lie = JSON.stringify({
      ref: 'refs/heads/other',
      after: '0'.repeat(40),
      'flags/checkout.yaml': flagYaml('checkout', 99),
    });
    expect(await call(lie)).toBe(202);
    const head = await project.repository.commit('to 20', {
      'flags/checkout.yaml': flagYaml('checkout', 20),
    });
    expect(await call(lie)).toBe(202);
    await until(() => sync.output.length === 2);
    expect((await project.entries()).at(-1)).toMatchObject({ commit: head });
    const status = async () =>
      (await (await fetch(`http://127.0.0.1:${port}/v1/status`)).json()) as Record<string, unknown>;
    await until(async () => (await status()).entry === 2);
    expect(await status()).toMatchObject({ state: 'applied', project: PROJECT, head, revision: 2 });
    expect(await sync.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
