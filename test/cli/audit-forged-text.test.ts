// What a forged entry can do to the terminal of whoever reads it: nothing, whatever its texts hold.
import { expect, test } from 'vitest';
import type { EntryContent } from '../../src/audit/content.ts';
import { logLines } from '../../src/cli/audit/log-text.ts';
import { showLines } from '../../src/cli/audit/show-text.ts';
import { verifyLines } from '../../src/cli/audit/verify-text.ts';

/** Clears the line, turns the text around, and begins another line. */
const EVIL = '\u001b[2K\u202ewhole\n';
const signature = { status: EVIL, fingerprint: EVIL, person: EVIL };
const patch = [{ at: EVIL, field: EVIL, before: EVIL, after: EVIL }];
const common = {
  v: 2,
  project: EVIL,
  entry: 1,
  changes: [{ kind: EVIL, key: EVIL, environment: EVIL, action: 'updated', before: 'a', after: 'b', patch }],
  ...{ at: EVIL, actor: EVIL, commit: EVIL, signature },
};
const statement = JSON.stringify({ v: 1, project: EVIL, tree: EVIL, environments: [EVIL], expires: EVIL });
const commit = {
  ...common,
  ...{ tree: EVIL, parents: [EVIL], author: EVIL, committer: EVIL, committedAt: EVIL, subject: EVIL },
  evidence: [
    { kind: 'approval', statement: EVIL, signature: EVIL, signed: signature },
    { kind: 'approval', statement, signature: EVIL, signed: signature },
    {
      kind: 'github-review',
      pullRequest: 1,
      reviewer: EVIL,
      commit: EVIL,
      tree: EVIL,
      at: EVIL,
      record: EVIL,
    },
    { kind: 'trailer', by: EVIL },
  ],
  merged: [{ commit: EVIL, author: EVIL, signature }],
  carries: [EVIL],
  problems: [{ code: EVIL, file: EVIL, line: 1, column: 1 }],
  source: { path: EVIL, branch: EVIL },
};
const override = {
  ...common,
  flag: EVIL,
  environment: EVIL,
  serve: EVIL,
  until: EVIL,
  reason: EVIL,
  seal: EVIL,
};

test.each([
  { ...commit, action: 'commit.applied' },
  { ...commit, action: 'commit.rejected' },
  { ...common, base: EVIL, action: 'history.accepted' },
  { ...override, action: 'override.set' },
])('show and log of $action', (forged) => {
  const content = forged as unknown as EntryContent;
  const stored = { entry: 1, previousHash: '', hash: '', recordedAt: new Date(0) };
  const changes = [{ kind: EVIL, key: EVIL, environments: [EVIL] }];
  const lines = [
    ...showLines({ ...stored, content }),
    ...logLines([{ ...stored, summary: content, changes, problems: 1 }]),
  ];
  expect(lines.filter((line) => /[\u202e\n]|\[2K/.test(line.replaceAll('\\u{1b}[2K', '')))).toEqual([]);
});

test('verify', () => {
  const place = { project: EVIL, branch: EVIL, path: EVIL, head: '' };
  const counts = { derived: 1, underivable: 0, signatures: 0, pending: 0 };
  const derivation = { ...place, ...counts, taken: { histories: 0, reviews: 0, expired: 0 } };
  const projects = [{ project: EVIL, entries: 1 }];
  const lines = [
    ...verifyLines({ projects, derivation }),
    ...verifyLines({ projects, break: { kind: 'altered', message: EVIL, project: EVIL } }),
  ];
  expect(lines.filter((line) => /[\u202e\n]/.test(line))).toEqual([]);
});
