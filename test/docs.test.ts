// What README and docs/ say is so: the files that they name, the routes and options that they list, the examples that they give.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { demoCommand } from '../scripts/demo-traffic/options.ts';
import { commands } from '../src/cli/commands.ts';
import { snapshotOf } from '../src/definitions/environments.ts';
import { loadDefinitions } from '../src/definitions/load.ts';
import { compile } from '../src/engine/compile.ts';
import { evaluate } from '../src/engine/evaluate.ts';
import { CompiledRamp } from '../src/engine/ramp.ts';
import { readFolder } from '../src/io/folder.ts';
import { relay } from './relay/start.ts';
import { stepsOf } from './support/page/steps.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFile(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...(await readdir(join(root, 'docs'))).map((name) => `docs/${name}`),
];
const sample = await readFolder(join(root, 'flags'));

test.each(pages)('every file that %s names is there', async (page) => {
  const text = await read(page);
  const named = text.matchAll(/(?:`|\]\()((?:[\w.-]+\/)*[\w.-]+\.(?:ts|json|ya?ml|md|txt))[`)]/g);
  // A name without a folder stands for every file of that name: project.yaml, *.test.yaml.
  const files = Array.from(named, ([, file = '']) => file).filter((file) => file.includes('/'));
  const places = [root, ...['src', 'docs'].map((folder) => join(root, folder))];
  const own = stepsOf(text).flatMap((step) => (step.kind === 'run' ? [] : step.path));
  const missing = files.filter(
    (file) => !own.includes(file) && !places.some((place) => existsSync(join(place, file))),
  );
  expect(missing).toEqual([]);
});

test.each(pages)('every heading that %s links to is there', async (page) => {
  const links = (await read(page)).matchAll(/\]\(([\w./-]*)#([\w-]+)\)/g);
  for (const [link, file = '', anchor] of links) {
    const target = file === '' ? page : join(dirname(page), file);
    expect(headingsOf(await read(target)), link).toContain(anchor);
  }
});

/** As GitHub names them in links. */
function headingsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('the README leads to every page', async () => {
  const readme = await read('README.md');
  expect(pages.filter((page) => page.startsWith('docs/') && !readme.includes(`](${page})`))).toEqual([]);
});

test('docs/commands.md lists every command', async () => {
  const page = await read('docs/commands.md');
  const rows = commands.map(({ name, summary }) => `| \`halyard ${name}\` | ${summary} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

test('the first steps of the README: raising the US ramp from 10 to 25 percent moves its subject', async () => {
  const context = JSON.parse(
    /one-page-checkout \\\n.*\n *-d '(.*)'/.exec(await read('README.md'))?.[1] ?? '',
  );
  const answer = (percent: number) => {
    const files = sample.map((entry) => {
      if (entry.kind !== 'file' || !entry.path.endsWith('/one-page-checkout.yaml')) return entry;
      const text = new TextDecoder().decode(entry.content).replace('percent: 10 ', `percent: ${percent} `);
      return { ...entry, content: new TextEncoder().encode(text) };
    });
    const { definitions } = loadDefinitions(files);
    if (!definitions) throw new Error('the sample project has problems');
    return evaluate(compile(snapshotOf(definitions, 'prod', 1)), 'one-page-checkout', context.context, 0)
      .value;
  };
  expect([answer(10), answer(25)]).toEqual([false, true]);
});

test('the examples of docs/definitions.md are definitions without a problem', async () => {
  const examples = [...(await read('docs/definitions.md')).matchAll(/```yaml\n(.*?)```/gs)];
  const files = examples.map(([, yaml = '']) => {
    const [, kind, key] = /^(\w+): (\S+)/.exec(yaml) ?? [];
    return [kind === 'project' || kind === 'access' ? `${kind}.yaml` : `${key}.yaml`, yaml];
  });
  const others = sample.filter(({ path }) => /new-cart|checkout-error/.test(path));
  const { problems } = loadDefinitions([
    ...files.map(([path = '', yaml]) => ({
      path,
      kind: 'file' as const,
      content: new TextEncoder().encode(yaml),
    })),
    ...others,
  ]);
  // The sample's flag is in an environment that the page's project does not have.
  expect(problems.filter(({ file }) => files.some(([path]) => path === file))).toEqual([]);
  expect(files).toHaveLength(7);
});

test('the schedules of docs/definitions.md do what is said beside them', async () => {
  const [, yaml = ''] =
    /```yaml\n(flag: free-returns\n.*?)```/s.exec(await read('docs/definitions.md')) ?? [];
  const content = new TextEncoder().encode(yaml);
  const loaded = loadDefinitions([...sample, { path: 'free-returns.yaml', kind: 'file', content }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const ruleset = compile(snapshotOf(loaded.definitions, 'prod', 1));
  const at = (time: string, context: object) => {
    const { value, metadata } = evaluate(
      ruleset,
      'free-returns',
      { targetingKey: 'u', ...context },
      Date.parse(time),
    );
    return `${value} ${metadata.rule ?? 'everyone else'}`;
  };
  const times = {
    before: '2026-12-01T08:59:59.999Z',
    last: '2026-12-15T09:00:00Z',
    stays: '2046-01-01T00:00:00Z',
  };
  expect(Object.values(times).map((time) => at(time, { country: 'US' }))).toEqual([
    'false everyone else',
    'true US ramp',
    'true US ramp',
  ]);
  const holidays = [
    '2026-12-23T23:59:59.999Z',
    '2026-12-24T00:00:00Z',
    '2027-01-01T23:59:59.999Z',
    '2027-01-02T00:00:00Z',
  ];
  expect(holidays.map((time) => at(time, {}))).toEqual([
    'false everyone else',
    'true holidays',
    'true holidays',
    'false everyone else',
  ]);
  expect(at('2027-01-29T00:00:00Z', {})).toBe('true everyone else');
});

test('the shares of docs/evaluation.md are those of its ramp', async () => {
  const page = await read('docs/evaluation.md');
  const [, steps = ''] = /^The steps (.*) give these shares:$/m.exec(page) ?? [];
  const ramp = Array.from(steps.matchAll(/`(\d+)` at `(\S+)`/g), ([, percent, at = '']) => ({
    at,
    percent: Number(percent),
  }));
  const rows = [...page.matchAll(/^\| `(\S+)` \| (\d+) \| (\d+) \|$/gm)];
  const shown = rows.map(([, time, share, linear]) => [time, Number(share), Number(linear)]);
  const [step, line] = [new CompiledRamp({ ramp }), new CompiledRamp({ ramp, linear: true })];
  const found = rows.map(([, time = '']) => [
    time,
    step.shareAt(Date.parse(time)),
    line.shareAt(Date.parse(time)),
  ]);
  expect(found).toEqual(shown);
  expect(shown).toHaveLength(6);
});

test('docs/relay.md lists every route, and metrics that there are', async () => {
  const page = await read('docs/relay.md');
  await using served = await relay({ source: `directory:${join(root, 'flags')}` });
  const { paths } = (await (await fetch(`${served.url}/openapi.json`)).json()) as { paths: object };
  const listed = new Set(Array.from(page.matchAll(/`(?:GET |POST )?(\/[\w/{}.]+)`/g), ([, path]) => path));
  expect(Object.keys(paths).filter((path) => !listed.has(path))).toEqual([]);
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  for (const [, name] of page.matchAll(/`(halyard_\w+)`/g)) expect(metrics).toContain(`# TYPE ${name} `);
});

test.each(pages)('every command and option in %s is one', async (page) => {
  // Of lines that run git, npm or curl, only those know the options.
  const text = (await read(page)).replace(
    /^.*\b(?:git [a-z]+(-[a-z]+)*|npm (?:install|pack)|curl -s) .*$/gm,
    '',
  );
  const loaded = await Promise.all(commands.map(({ load }) => load()));
  const known = [...loaded.map((module) => module.command()), demoCommand(async () => {})];
  const options = known.flatMap((command) => [command, ...command.commands].flatMap((each) => each.options));
  const longs = new Set(['--help', ...options.map(({ long }) => long)]);
  expect((text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []).filter((option) => !longs.has(option))).toEqual([]);
  for (const [line, name] of text.matchAll(/\bhalyard (?:-- )?([a-z][a-z-]*)/g))
    expect(
      commands.map((command) => command.name),
      line,
    ).toContain(name);
});
