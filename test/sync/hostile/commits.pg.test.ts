// Hostile commits that git takes: each is judged like any other, rejected with its problem or harmless.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  file,
  folder,
  type HostileRepository,
  link,
  PEOPLE,
  sorted,
} from '../../support/hostile-repository.ts';
import { flagYaml, PROJECT_YAML } from '../../support/sync-project.ts';
import { type Ground, HostileTrip } from './trips.ts';

const MEGABYTE = 1024 * 1024;

/** Good and hostile commits follow one another on the branch of one repository. */
let trip: HostileTrip;

beforeAll(async () => {
  trip = await HostileTrip.begin();
});

afterAll(async () => {
  await trip[Symbol.asyncDispose]();
});

/** A root tree in which `flags` has a folder with something in it, beside a good project. */
const inFolder = (r: HostileRepository, name: string | Buffer, ...entries: Parameters<typeof sorted>[0]) =>
  r.project([folder(name, r.tree(sorted(entries)))]);

/** Ten folders in each folder, twelve levels deep: a million millions of files. */
function treeBomb(r: HostileRepository, name: string): string {
  let tree = r.tree(Array.from({ length: 10 }, (_, n) => file(`${n}${name}`, r.blob('x'))));
  for (let level = 0; level < 12; level++)
    tree = r.tree(Array.from({ length: 10 }, (_, n) => folder(`${n}`, tree)));
  return r.project([folder('bomb', tree)]);
}

function deep(r: HostileRepository, levels: number): string {
  let tree = r.tree([file('deep.yaml', r.blob(flagYaml('deep')))]);
  for (let level = 1; level < levels; level++) tree = r.tree([folder('d', tree)]);
  return r.project([folder('d', tree)]);
}

function manyFiles(r: HostileRepository, count: number, ending: string, content: string | Buffer): string {
  const oid = r.blob(content);
  const files = Array.from({ length: count }, (_, n) => file(`${String(n).padStart(6, '0')}${ending}`, oid));
  return r.project([folder('many', r.tree(files))]);
}

/** What the tree of a commit holds, and the problems that reject it. */
const REJECTED: [string, (r: HostileRepository) => string, (string | RegExp)[]][] = [
  [
    'a link out of the repository',
    (r) => r.project([link('secrets.yaml', r.blob('/etc/passwd'))]),
    ['link-refused secrets.yaml'],
  ],
  ['a link to itself', (r) => r.project([link('loop', r.blob('loop'))]), ['link-refused loop']],
  [
    'a submodule',
    (r) => r.project([{ mode: '160000', name: 'module', oid: '1'.repeat(40) }]),
    ['submodule-refused module'],
  ],
  [
    'a file of a mode that there is not',
    (r) => r.project([{ mode: '60644', name: 'device.yaml', oid: r.blob('x') }]),
    ['submodule-refused device.yaml'],
  ],
  [
    'a mode that is too long for a number, and a link by its lowest bits',
    (r) => r.project([{ mode: `7${'0'.repeat(40)}120000`, name: 'a.yaml', oid: r.blob('/etc/passwd') }]),
    ['link-refused a.yaml'],
  ],
  [
    'names that differ in the case of letters alone',
    (r) =>
      r.project([file('Flag.yaml', r.blob(flagYaml('flag'))), file('flag.yaml', r.blob(flagYaml('flag')))]),
    ['key-is-not-file-name Flag.yaml', 'path-collision flag.yaml'],
  ],
  [
    'names that are not UTF-8 and read alike',
    (r) =>
      r.project([
        folder(Buffer.of(0xfe), r.tree([file('a.yaml', r.blob(flagYaml('a')))])),
        folder(Buffer.of(0xff), r.tree([file('a.yaml', r.blob(flagYaml('a')))])),
      ]),
    ['path-collision \ufffd/a.yaml'],
  ],
  [
    'a broken file in a folder with control characters in its name',
    (r) => inFolder(r, 'a\n\t"\\\x1b[2J\x7f', file('b.yaml', r.blob('flag: ['))),
    [/^invalid-yaml a\n\t"\\.*b\.yaml$/],
  ],
  [
    'a file of 60 MB',
    (r) => r.project([file('large.yaml', r.blob(Buffer.alloc(60 * MEGABYTE)))]),
    ['file-too-large large.yaml'],
  ],
  ['200,000 definitions', (r) => manyFiles(r, 200_000, '.yaml', 'x'), ['too-many-files project.yaml']],
  [
    '100 MB of definitions in small files',
    (r) => manyFiles(r, 400, '.yaml', `#${' '.repeat(255 * 1024)}`),
    ['folder-too-large project.yaml'],
  ],
  [
    'folders that hold themselves again and again, to a million millions of definitions',
    (r) => treeBomb(r, '.yaml'),
    ['too-many-files project.yaml'],
  ],
  [
    'folders 3,000 levels deep',
    (r) => deep(r, 3_000),
    [`folder-not-listed ${Array(65).fill('d').join('/')}`],
  ],
  [
    'a path that is longer than any disk has',
    (r) => inFolder(r, 'x'.repeat(5_000), file('a.yaml', r.blob(flagYaml('a')))),
    [/^folder-not-listed x{1000}…$/],
  ],
  [
    'definitions that are a link',
    (r) => r.tree([link('flags', r.blob('elsewhere'))]),
    ['project-missing project.yaml'],
  ],
];

describe('a commit is rejected with its problem, and the next good one applies, for', () => {
  test.each(REJECTED)('%s', async (_, makeTree, problems) => {
    const { repository, base } = trip.ground;
    const head = repository.commit({ tree: makeTree(repository), parents: [base] });
    const { outcome } = await trip.refuse(head);
    expect(outcome).toBe('rejected');
    const entry = (await trip.project.entries()).at(-1);
    expect(entry).toMatchObject({ action: 'commit.rejected', commit: head });
    const found = entry.problems.map(({ code, file }: { code: string; file: string }) => `${code} ${file}`);
    expect(found).toEqual(
      problems.map((problem) => (typeof problem === 'string' ? problem : expect.stringMatching(problem))),
    );
    await trip.heal(head);
  });
});

const commitWith = ({ repository, base }: Ground, parts: object): string =>
  repository.commit({ tree: repository.project([], 77), parents: [base], ...parts });

/** The commit is applied, its entry says so, nothing ran, and the next good one applies. */
async function assertHarmless(make: (ground: Ground) => string, content: object): Promise<void> {
  const head = make(trip.ground);
  trip.ground.repository.setBranch(head);
  expect((await trip.sync()).outcome).toBe('applied');
  expect((await trip.project.entries()).at(-1)).toMatchObject({
    action: 'commit.applied',
    commit: head,
    ...content,
  });
  trip.assertNothingRan();
  await trip.heal(head);
}

/** Commits whose definitions are good, whatever else they are. */
const HARMLESS: [string, (ground: Ground) => string, object][] = [
  [
    'files that are writable for a group, and executable',
    (g) =>
      commitWith(g, {
        tree: g.repository.project([
          { mode: '100664', name: 'a.yaml', oid: g.repository.blob(flagYaml('a')) },
          { mode: '100755', name: 'b.yaml', oid: g.repository.blob(flagYaml('b')) },
        ]),
      }),
    {},
  ],
  [
    'folders with line breaks, quotes, backslashes and terminal codes in their names',
    (g) =>
      commitWith(g, {
        tree: inFolder(
          g.repository,
          'a\n\t"\'\\\x1b]0;x\x07',
          file('b.yaml', g.repository.blob(flagYaml('b'))),
        ),
      }),
    {},
  ],
  [
    'a folder whose name is not UTF-8',
    (g) =>
      commitWith(g, {
        tree: inFolder(
          g.repository,
          Buffer.from('caf\xe9', 'latin1'),
          file('b.yaml', g.repository.blob(flagYaml('b'))),
        ),
      }),
    {},
  ],
  [
    'attributes that ask for filters, keywords, encodings and exports',
    (g) =>
      commitWith(g, {
        tree: g.repository.project([
          file(
            '.gitattributes',
            g.repository.blob(
              '* filter=evil diff=evil ident export-subst eol=crlf working-tree-encoding=UTF-16\n',
            ),
          ),
          file('a.yaml', g.repository.blob(`# $Id$ $Format:%H$\n${flagYaml('a')}`)),
        ]),
      }),
    {},
  ],
  ['200,000 other files', (g) => commitWith(g, { tree: manyFiles(g.repository, 200_000, '.txt', 'x') }), {}],
  [
    'folders that hold themselves again and again, without a definition',
    (g) => commitWith(g, { tree: treeBomb(g.repository, '.txt') }),
    {},
  ],
  [
    'an encoding that there is not',
    (g) =>
      commitWith(g, { headers: `${PEOPLE}encoding ../../x\n`, message: Buffer.from('caf\xe9\n', 'latin1') }),
    { subject: 'caf\ufffd' },
  ],
  [
    'a parent that no parent is, and would be an option',
    (g) => commitWith(g, { headers: `${PEOPLE}parent --output=a-program-was-run\n` }),
    { parents: [expect.stringMatching(/^[0-9a-f]{40}$/)] },
  ],
];

describe('a commit is applied as it is meant, and runs nothing, with', () => {
  test.each(HARMLESS)('%s', (_, make, content) => assertHarmless(make, content));
});

test('replaced objects and grafts in the repository change nothing of what a commit is', async () => {
  const { repository, base } = trip.ground;
  const head = repository.commit({ tree: repository.project([], 20), parents: [base] });
  const other = repository.commit({ tree: repository.project([], 99), parents: [] });
  mkdirSync(join(repository.gitFolder, 'refs', 'replace'), { recursive: true });
  writeFileSync(join(repository.gitFolder, 'refs', 'replace', head), `${other}\n`);
  repository.setBranch(head);
  expect((await trip.sync()).outcome).toBe('applied');
  expect((await trip.project.entries()).at(-1)).toMatchObject({ commit: head, parents: [base] });
  const [flag] = await trip.project.query<{ body: string }>(
    "select body from halyard.definition where key = 'checkout'",
  );
  expect(flag?.body).toContain('"percent":20');
  await trip.heal(head);
});

test('the project’s own file as a link is no definition, and nobody reads what it leads to', async () => {
  const { repository, base } = trip.ground;
  const elsewhere = join(trip.project.stateFolder, 'elsewhere.yaml');
  writeFileSync(elsewhere, PROJECT_YAML);
  const flags = repository.tree([link('project.yaml', repository.blob(elsewhere))]);
  const head = repository.commit({ tree: repository.tree([folder('flags', flags)]), parents: [base] });
  const { outcome } = await trip.refuse(head);
  expect(outcome).toBe('rejected');
  await trip.heal(head);
});

/** Git reads them again at each look at the history, so they come last. */
const LARGE: typeof HARMLESS = [
  [
    'a message of 50 MB',
    (g) => commitWith(g, { message: `long ${'x'.repeat(50 * MEGABYTE)}` }),
    { subject: `long ${'x'.repeat(995)}…` },
  ],
  [
    'an author of 2 MB',
    (g) => commitWith(g, { headers: PEOPLE.replace('Mallory', 'M'.repeat(2 * MEGABYTE)) }),
    { author: `${'M'.repeat(1_000)}…`, committer: '' },
  ],
  [
    'a signature of 10 MB, of which nothing is believed',
    (g) =>
      commitWith(g, {
        headers: `${PEOPLE}gpgsig -----BEGIN SSH SIGNATURE-----\n ${randomBytes(5 * MEGABYTE).toString('hex')}\n -----END SSH SIGNATURE-----\n`,
      }),
    { signature: { status: 'invalid' } },
  ],
  [
    '10,000 parents',
    (g) => {
      const { repository, base } = g;
      const others = Array.from({ length: 9 }, (_, n) =>
        repository.commit({ tree: repository.tree([]), message: `other ${n}\n` }),
      );
      const parents = [base, ...Array.from({ length: 9_999 }, (_, n) => others[n % 9] ?? '')];
      return commitWith(g, { parents });
    },
    { parents: expect.objectContaining({ length: 10_000 }) },
  ],
];

describe('a commit is applied as it is meant, and runs nothing, although it has', () => {
  test.each(LARGE)('%s', (_, make, content) => assertHarmless(make, content));
});
