// Whether what was read as a content is one: all members that others look at are of their types. Pure.

import { CONTENT_VERSION } from './content.ts';
import { isDigest, isInteger, isText, listOf, optional, type Shape, shape } from './shape.ts';

const CHANGE = shape({
  kind: isText,
  key: isText,
  environment: optional(isText),
  action: isText,
  before: optional(isDigest),
  after: optional(isDigest),
  patch: listOf(shape({ at: isText, field: isText, before: optional(isText), after: optional(isText) })),
});

const SIGNATURE = shape({ status: isText, fingerprint: optional(isText), person: optional(isText) });

const APPROVAL = shape({ statement: isText, signature: isText, signed: SIGNATURE });
const REVIEW = shape({
  pullRequest: isInteger,
  reviewer: isText,
  commit: isText,
  tree: isText,
  at: isText,
  record: isText,
});
const EVIDENCE: { readonly [kind: string]: Shape } = {
  approval: APPROVAL,
  'github-review': REVIEW,
  'gitlab-approval': REVIEW,
  trailer: shape({ by: isText }),
};

const COMMON = { v: isInteger, project: isText, entry: isInteger, changes: listOf(CHANGE) };

const COMMIT = shape({
  ...COMMON,
  revision: optional(isInteger),
  source: optional(shape({ path: isText, branch: isText })),
  commit: isText,
  tree: isText,
  parents: listOf(isText),
  author: isText,
  committer: isText,
  committedAt: isText,
  subject: isText,
  pullRequest: optional(isInteger),
  signature: SIGNATURE,
  evidence: listOf((piece) => EVIDENCE[kindOf(piece)]?.(piece) ?? false),
  merged: optional(listOf(shape({ commit: isText, author: isText, signature: SIGNATURE }))),
  mergedMore: optional(isInteger),
  carries: listOf(isText),
  problems: listOf(shape({ code: isText, file: isText, line: isInteger, column: isInteger })),
});

const HISTORY = shape({ ...COMMON, commit: isText, base: isText, at: isText, actor: isText });

const OVERRIDE = shape({
  ...COMMON,
  revision: isInteger,
  flag: isText,
  environment: isText,
  serve: optional(isText),
  until: optional(isText),
  reason: isText,
  at: isText,
  actor: isText,
  signature: SIGNATURE,
  seal: optional(isText),
});

const CONTENTS: { readonly [action: string]: Shape } = {
  'commit.applied': COMMIT,
  'commit.rejected': COMMIT,
  'history.diverged': HISTORY,
  'history.accepted': HISTORY,
  'override.set': OVERRIDE,
  'override.lifted': OVERRIDE,
};

/** Of a version that is not known, what all have. */
const LATER = shape({
  ...COMMON,
  v: (version) => isInteger(version) && Number(version) > CONTENT_VERSION,
  action: isText,
});

/** Whether it has an action that there is, and all that such an entry must have. It may have more. */
export function isContent(value: unknown): boolean {
  if (LATER(value)) return true;
  const action = shape({ action: isText })(value) ? (value as { action: string }).action : '';
  return Object.hasOwn(CONTENTS, action) && (CONTENTS[action]?.(value) ?? false);
}

function kindOf(piece: unknown): string {
  const kind = shape({ kind: isText })(piece) ? (piece as { kind: string }).kind : '';
  return Object.hasOwn(EVIDENCE, kind) ? kind : '';
}
