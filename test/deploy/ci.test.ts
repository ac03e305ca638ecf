// The workflows under deploy/ci/: what they may do, and what their scripts do when they run.
import { execFile } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { SampleRepository } from '../support/sample-repository.ts';
import { comment, commentServer, GITHUB_COMMENTS, GITLAB_NOTES } from './comment-server.ts';

const root = join(import.meta.dirname, '../..');
const text = (name: string) => readFile(join(root, 'deploy/ci', name), 'utf8');

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  shell?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  on: unknown;
  permissions: object;
  jobs: Record<string, { permissions: object; steps: Step[]; if?: string }>;
}
type GitlabJob = {
  script: string[];
  rules?: object[];
  variables?: Record<string, string>;
  artifacts?: object;
};

const github = parse(await text('github.yaml')) as Workflow;
const gitlab = parse(await text('gitlab.yaml')) as Record<string, GitlabJob>;
const steps = Object.values(github.jobs).flatMap((job) => job.steps);
const PLAN = '<!-- halyard-plan -->\n### Plan of `acme/shop`\n\n**1 flag changes.** It\'s "$(id)" `id`.\n';

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder('halyard-ci-');
  await writeFile(join(folder, 'plan.md'), PLAN);
  // The package that a repository has, found as npx finds it.
  const npx = `#!/bin/sh\n[ "$1 $2" = "--no halyard" ] || exit 99\nshift 2\nexec node "${MAIN}" "$@"\n`;
  await writeFile(join(folder, 'npx'), npx);
  await chmod(join(folder, 'npx'), 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('GitHub', () => {
  test('it runs on pull requests without a token that writes, and one job may write comments alone', () => {
    expect(github.on).toBe('pull_request');
    expect(github.permissions).toEqual({});
    expect(github.jobs.flags?.permissions).toEqual({ contents: 'read' });
    expect(github.jobs.comment?.permissions).toEqual({ 'pull-requests': 'write' });
  });

  test('the job that may write runs nothing that a pull request brings along', () => {
    const own = github.jobs.comment?.steps ?? [];
    expect(own.map(({ uses }) => uses)).toEqual(['actions/download-artifact@v8', undefined]);
    expect(own.map(({ run }) => run ?? '').join('')).not.toMatch(/npx|npm|require\(['"](?!node:)/);
    expect(github.jobs.comment?.if).toContain('head.repo.full_name == github.repository');
  });

  test('actions are pinned by their majors, the history is whole, and no credentials stay on the disk', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    for (const action of actions) expect(action).toMatch(/^actions\/[a-z-]+@v\d+$/);
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with).toEqual({ 'fetch-depth': 0, 'persist-credentials': false });
  });

  test('nothing of the event is written into a script', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});

describe('GitLab', () => {
  test('all jobs are for merge requests alone, with the whole history', () => {
    for (const [name, job] of Object.entries(gitlab)) {
      const rules = JSON.stringify(job.rules ?? gitlab['.flags']?.rules);
      expect(rules, name).toContain('$CI_PIPELINE_SOURCE == \\"merge_request_event\\"');
    }
    expect(gitlab['.flags']?.variables?.GIT_DEPTH).toBe('0');
    expect(gitlab['flags-test']?.artifacts).toEqual({
      when: 'always',
      reports: { junit: 'halyard-tests.xml' },
    });
  });

  test('the job with the token checks nothing out and installs nothing', () => {
    expect(gitlab['flags-note']).toMatchObject({ variables: { GIT_STRATEGY: 'none' }, before_script: [] });
    expect(gitlab['flags-note']?.script.join('')).not.toMatch(/npx|npm/);
  });
});

test('every shell script parses', async () => {
  const scripts = [
    ...steps.filter(({ shell }) => shell === undefined).flatMap(({ run }) => run ?? []),
    ...Object.values(gitlab).flatMap(({ script = [] }) => script),
  ];
  expect(scripts.length).toBeGreaterThanOrEqual(7);
  for (const script of scripts) {
    expect(await run('bash', ['-n', '-c', script])).toMatchObject({ code: 0, output: '' });
  }
});

interface Ended {
  code: number;
  output: string;
}

function run(file: string, args: string[], env: NodeJS.ProcessEnv = {}, cwd = folder): Promise<Ended> {
  const surroundings = { PATH: `${folder}:${join(process.execPath, '..')}:${process.env.PATH}`, ...env };
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: surroundings }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

describe('the steps of a branch that raises a percentage', () => {
  let sample: SampleRepository;
  let main = '';
  const env = { FLAGS: 'flags', FAIL_ON: '', BASE: 'main' };

  beforeAll(async () => {
    sample = await SampleRepository.create();
    main = await sample.repository.head();
    await sample.repository.git('update-ref', 'refs/remotes/origin/main', main);
    await sample.repository.git('checkout', '--quiet', '-b', 'ramp');
    await sample.replace('25', 'flags/checkout/one-page-checkout.yaml', 'percent: 10 ', 'percent: 25 ');
  });
  afterAll(() => sample[Symbol.asyncDispose]());

  const step = (name: string) => github.jobs.flags?.steps.find((each) => each.name === name)?.run ?? '';
  const runIn = (script: string, more: NodeJS.ProcessEnv = {}) =>
    run('bash', ['-e', '-c', script], { ...env, ...more }, sample.repository.folder);

  test('check passes, and the test fails that knows another percentage, on GitHub and on GitLab', async () => {
    expect(await runIn(step('check'))).toMatchObject({ code: 0 });
    expect(await runIn(gitlab['flags-check']?.script.join('\n') ?? '')).toMatchObject({ code: 0 });
    const failed = await runIn(step('test'));
    expect(failed.code).toBe(1);
    expect(failed.output).toMatch(/^::error file=flags\/checkout\/one-page-checkout\.test\.yaml,line=/m);
    expect(await runIn(gitlab['flags-test']?.script.join('\n') ?? '')).toMatchObject({ code: 1 });
    const report = await readFile(join(sample.repository.folder, 'halyard-tests.xml'), 'utf8');
    expect(report).toMatch(/<testsuites .*failures="[1-9]/);
  });

  test('the plan is a file, a summary and an output', async () => {
    const [summary, output] = [join(folder, 'summary'), join(folder, 'output')];
    const files = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
    expect(await runIn(step('plan'), files)).toMatchObject({ code: 0 });
    const plan = await readFile(join(sample.repository.folder, 'plan.md'), 'utf8');
    expect(plan).toMatch(/^<!-- halyard-plan -->\n.*\n\n\*\*1 flag changes, and somebody moves\./);
    expect(plan).toContain('from `origin/main`');
    expect(await readFile(summary, 'utf8')).toBe(plan);
    expect(await readFile(output, 'utf8')).toBe('planned=true\n');
    const failing = { ...files, FAIL_ON: 'running-experiment' };
    expect((await runIn(step('plan'), failing)).code).toBe(1);
    expect(await readFile(output, 'utf8')).toBe('planned=true\nplanned=true\n');
  });

  test('without a plan there is no output, so that nothing is commented', async () => {
    const [summary, output] = [join(folder, 'summary-2'), join(folder, 'output-2')];
    await writeFile(output, '');
    const files = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, BASE: 'gone $(touch gone)' };
    expect((await runIn(step('plan'), files)).code).toBe(2);
    expect([await readFile(summary, 'utf8'), await readFile(output, 'utf8')]).toEqual(['', '']);
  });

  test('on GitLab it is compared with where the branch began, or with the target of a merged result', async () => {
    const script = gitlab['flags-plan']?.script.join('\n') ?? '';
    const began = await runIn(script, { CI_MERGE_REQUEST_DIFF_BASE_SHA: main });
    const merged = await runIn(script, {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: 'nowhere',
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: main,
    });
    expect(began).toMatchObject({
      code: 0,
      output: expect.stringContaining('1 flag changes, and somebody moves.'),
    });
    expect(merged).toEqual(began);
  });
});

/** As GitHub runs a step whose shell is `node {0}`. */
async function writeGithubComment(url: string): Promise<Ended> {
  const step = github.jobs.comment?.steps.find(({ shell }) => shell === 'node {0}');
  const file = join(folder, 'step');
  await writeFile(file, step?.run ?? '');
  return run('node', [file], {
    GITHUB_API_URL: url,
    GITHUB_REPOSITORY: 'acme/shop',
    PULL_REQUEST: '7',
    TOKEN: 'secret',
    AUTHOR: 'github-actions[bot]',
  });
}

/** As GitLab runs a job: all lines in one shell. */
function writeGitlabNote(url: string): Promise<Ended> {
  return run('bash', ['-e', '-c', gitlab['flags-note']?.script.join('\n') ?? ''], {
    CI_API_V4_URL: url,
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_PROJECT_ID: '42',
    HALYARD_NOTE_TOKEN: 'secret',
  });
}

const others = (count: number) => Array.from({ length: count }, (_, n) => comment(n, 'LGTM', 'ada', 9));

describe.each([
  {
    forge: 'GitHub',
    write: writeGithubComment,
    list: GITHUB_COMMENTS,
    one: '/repos/acme/shop/issues/comments',
    update: 'PATCH',
    credential: 'Bearer secret',
  },
  {
    forge: 'GitLab',
    write: writeGitlabNote,
    list: GITLAB_NOTES,
    one: GITLAB_NOTES,
    update: 'PUT',
    credential: 'secret',
  },
])('the comment on $forge', ({ write, list, one, update, credential }) => {
  test('is written once, then updated, and left alone while it says the same', async () => {
    await using server = await commentServer(others(2));
    await write(server.url);
    expect(server.comments.at(-1)?.body).toBe(PLAN.trimEnd());
    expect(await write(server.url)).toMatchObject({
      code: 0,
      output: expect.stringContaining('says that already'),
    });
    await writeFile(join(folder, 'plan.md'), `${PLAN}More.\n`);
    await write(server.url);
    await writeFile(join(folder, 'plan.md'), PLAN);
    expect(server.comments.at(-1)?.body).toBe(`${PLAN}More.`);
    expect(server.comments).toHaveLength(3);
    expect(server.writes).toEqual([`POST ${list}`, `${update} ${one}/1002`]);
    expect([...server.credentials]).toEqual([credential]);
  });

  test('is found among hundreds', async () => {
    const own = comment(555, '<!-- halyard-plan -->\nold');
    await using server = await commentServer([...others(230), own, ...others(10)]);
    await write(server.url);
    expect(own.body).toBe(PLAN.trimEnd());
    expect(server.writes).toEqual([`${update} ${one}/555`]);
  });

  test('of somebody else with the same mark is never changed', async () => {
    const foreign = comment(3, '<!-- halyard-plan -->\nForged.', 'mallory', 9);
    const quoted = comment(4, '> <!-- halyard-plan -->\nA quote.');
    await using server = await commentServer([foreign, quoted]);
    await write(server.url);
    expect(server.writes).toEqual([`POST ${list}`]);
    expect([foreign.body, quoted.body]).toEqual([
      '<!-- halyard-plan -->\nForged.',
      '> <!-- halyard-plan -->\nA quote.',
    ]);
  });

  test('fails with what the forge says, and without the token', async () => {
    await using server = await commentServer();
    server.refuse(403);
    const { code, output } = await write(server.url);
    expect(code).toBe(1);
    expect(output).toContain('403 {"message":"Refused."}');
    expect(output).not.toContain('secret');
  });

  test('is not written where the file holds no plan', async () => {
    await using server = await commentServer();
    await writeFile(join(folder, 'plan.md'), 'halyard: nonsense\n');
    const { code } = await write(server.url);
    await writeFile(join(folder, 'plan.md'), PLAN);
    expect([code, server.writes]).toEqual([1, []]);
  });
});
