// Judging one commit, without git and without a database.
import { expect, test } from 'vitest';
import { contentText } from '../../src/audit/chain.ts';
import { judgeAccess } from '../../src/sync/access.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { entryContent } from '../../src/sync/entry.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { asTree, someCommit } from '../support/many-flags.ts';
import { PROJECT, PROJECT_YAML, sampleFiles } from '../support/sync-project.ts';

const SOURCE = { repository: '/srv/shop', path: 'flags', branch: 'main' };

/** The entry that a commit of these files gets as the first one. */
function firstEntry(files: Record<string, string>) {
  const applied = { ...nothingApplied(PROJECT, SOURCE), project: PROJECT };
  const judgement = judgeCommit(someCommit, asTree(files), applied, undefined);
  const judged = judgeAccess(
    judgement,
    { verified: { status: 'unsigned' }, evidence: [], tree: 'beef' },
    applied,
  );
  return entryContent(judged, { ...applied.head, carries: [], source: SOURCE }, []);
}

test('file names cannot fill the audit', () => {
  const long = 'x'.repeat(200_000);
  const files = { 'flags/project.yaml': PROJECT_YAML, [`flags/${long}.yaml`]: 'flag: bad\n' };
  const { problems } = firstEntry(files);
  expect(problems.length).toBeGreaterThan(1);
  for (const { file } of problems) expect(file).toBe(`${'x'.repeat(1_000)}…`);
});

test('an entry keeps where a problem is, and no message', () => {
  const content = firstEntry({
    ...sampleFiles(),
    'flags/bad.yaml': 'flag: bad\ntargets: alice@example.com\n',
  } as Record<string, string>);
  expect(content.action).toBe('commit.rejected');
  expect(Object.keys(content.problems[0] ?? {})).toEqual(['code', 'file', 'line', 'column']);
  expect(contentText(content)).not.toContain('alice');
});
