// Trees that are out of the ordinary, honestly synced: deriving them again, by a reader of its own, comes to the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { pipe } from '../support/signing.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../support/sync-project.ts';

let project: SyncProject;
let blob: Record<'project' | 'checkout' | 'other' | 'invalid' | 'latin' | 'empty', string>;

beforeAll(async () => {
  project = await SyncProject.create();
  const write = async (text: string | Buffer) =>
    (await pipe('git', ['-C', project.repository.folder, 'hash-object', '-w', '--stdin'], text)).trim();
  blob = {
    project: await write(PROJECT_YAML),
    checkout: await write(flagYaml('checkout')),
    other: await write(flagYaml('other')),
    invalid: await write('flag: [\n'),
    latin: await write(Buffer.from('flag: caf\xe9\n', 'latin1')),
    empty: await write(''),
  };
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

/** A tree below `flags/`, beside project.yaml: mode, blob and path. */
type Entry = [mode: string, name: keyof typeof blob | 'commit', path: string];
const file = (name: keyof typeof blob, path: string): Entry => ['100644', name, path];
const deep = (depth: number) => 'd/'.repeat(depth);

const TREES: [string, Entry[]][] = [
  [
    'one flag twice',
    [file('checkout', 'b/checkout.yaml'), file('checkout', 'a/checkout.yaml'), file('checkout', 'c.yaml')],
  ],
  ['files of one name but for its case', [file('checkout', 'Checkout.yaml'), file('other', 'checkout.yaml')]],
  [
    'folders of one name but for its case',
    [file('checkout', 'A/checkout.yaml'), file('other', 'a/other.yaml')],
  ],
  ['names that Unicode composes', [file('checkout', 'caf\u00e9.yaml'), file('other', 'cafe\u0301.yaml')]],
  ['names beyond letters', [file('checkout', '🚩.yaml'), file('other', 'a\tb.yaml')]],
  ['a name with a quote and a backslash', [file('checkout', 'a"b.yaml'), file('other', 'a\\b.yaml')]],
  ['a file that may be run', [['100755', 'checkout', 'checkout.yaml']]],
  ['a link', [file('checkout', 'checkout.yaml'), ['120000', 'empty', 'link.yaml']]],
  ['a link that is no definition', [file('checkout', 'checkout.yaml'), ['120000', 'empty', 'link']]],
  ['a submodule', [file('checkout', 'checkout.yaml'), ['160000', 'commit', 'module']]],
  [
    'names that end otherwise',
    [file('checkout', 'checkout.YML'), file('invalid', 'note.txt'), file('other', '.yaml')],
  ],
  ['hidden files and folders', [file('checkout', '.hidden.yaml'), file('other', '.folder/other.yaml')]],
  [
    'nothing that is YAML',
    [file('invalid', 'checkout.yaml'), file('latin', 'latin.yaml'), file('empty', 'empty.yaml')],
  ],
  ['folders within folders', [file('checkout', `${deep(60)}checkout.yaml`)]],
  ['too many folders within folders', [file('checkout', `${deep(70)}checkout.yaml`)]],
  ['a name that is long', [file('checkout', `${'x'.repeat(250)}.yaml`)]],
  ['a path that is long', [file('checkout', `${`${'x'.repeat(200)}/`.repeat(6)}checkout.yaml`)]],
  ['reserved names', [file('checkout', 'constructor.yaml'), file('other', '__proto__/other.yaml')]],
  ['a folder that is called as a file', [file('checkout', 'checkout.yaml/checkout.yaml')]],
  ['an access policy elsewhere', [file('checkout', 'checkout.yaml'), file('invalid', 'a/access.yaml')]],
  ['one flag, at last', [file('checkout', 'checkout.yaml')]],
];

test('what sync makes of each, verify makes of it', async () => {
  const { repository } = project;
  await repository.commit('first', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/checkout.yaml': flagYaml('checkout', 5),
  });
  await project.sync();
  let parent = await repository.head();
  for (const [subject, entries] of TREES) {
    const index: Entry[] = [file('project', 'project.yaml'), ...entries];
    const lines = index.map(
      ([mode, name, path]) => `${mode} ${name === 'commit' ? parent : blob[name]}\tflags/${path}\0`,
    );
    await repository.git('read-tree', '--empty');
    await repository.pipe(['update-index', '-z', '--index-info'], Buffer.from(lines.join('')));
    const tree = await repository.git('write-tree');
    parent = await repository.git('commit-tree', tree, '-p', parent, '-m', subject);
    await repository.git('update-ref', 'refs/heads/main', parent);
    await project.sync();
  }
  const { folder: repo } = repository;
  const { stateFolder, pool } = project;
  const verification = await verifyAudit(pool, { repository: { repo, stateFolder } });
  expect(verification.break).toBeUndefined();
  expect(verification.derivation).toMatchObject({ derived: TREES.length + 1, underivable: 0 });
  const actions = (await project.entries()).map(({ action, subject }) => `${action} ${subject}`);
  expect(actions).toContain('commit.applied one flag, at last');
  expect(actions).toContain('commit.rejected one flag twice');
});
