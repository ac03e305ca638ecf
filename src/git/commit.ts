// The commit object, read from its raw text, so that what the audit keeps of it follows from its bytes alone.
import { bounded } from '../lib/bounded.ts';
import { trailersOf } from './trailers.ts';

/** Who, as the commit names them: `Name <mail>`. */
export interface Commit {
  id: string;
  tree: string;
  parents: string[];
  author: string;
  committer: string;
  /** RFC 3339, UTC, whole seconds. */
  committedAt: string;
  /** The message's first paragraph on one line. */
  subject: string;
  /** The number of the pull or merge request that the message names. */
  pullRequest?: number;
  /** Whom the message's `Reviewed-by:` lines name, mostly as `Name <mail>`, in their order. Absent where there are none. */
  reviewedBy?: string[];
  /** The beginning of an SSH or OpenPGP signature, not verified: there is something that calls itself one. */
  signature?: string;
}

/** Reads a commit object's content. Invalid UTF-8 becomes U+FFFD and NUL is removed, since PostgreSQL keeps neither. */
export function parseCommit(id: string, content: Uint8Array): Commit {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content).replaceAll('\0', '');
  const end = text.indexOf('\n\n');
  const headers = parseHeaders(end < 0 ? text : text.slice(0, end));
  const message = end < 0 ? '' : text.slice(end + 2);
  const author = parseIdentity(headers.get('author')?.[0] ?? '');
  const committer = parseIdentity(headers.get('committer')?.[0] ?? '');
  const pullRequest = findPullRequest(message);
  const reviewedBy = findReviewers(message);
  const signature = headers.get('gpgsig')?.[0] ?? headers.get('gpgsig-sha256')?.[0];
  return detached({
    id,
    tree: headers.get('tree')?.[0] ?? '',
    parents: parentsOf(text),
    author: author.who,
    committer: committer.who,
    committedAt: committer.at,
    subject: subjectOf(message),
    ...(pullRequest !== undefined && { pullRequest }),
    ...(reviewedBy.length > 0 && { reviewedBy }),
    ...(signature !== undefined && { signature: bounded(signature) }),
  });
}

/** A text that is cut out of another one keeps all of that in memory: a copy of it does not. */
function detached(commit: Commit): Commit {
  return JSON.parse(JSON.stringify(commit));
}

/** As git reads them: the lines after the tree's. What calls itself a parent further down is none. */
function parentsOf(text: string): string[] {
  const lines = /^tree [^\n]*\n((?:parent [0-9a-f]+\n)*)/.exec(text)?.[1] ?? '';
  return Array.from(lines.matchAll(/parent ([0-9a-f]+)\n/g), ([, id = '']) => id);
}

/** Header lines are `name value`; a line that begins with a space goes on with the value before it. */
function parseHeaders(text: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of text.replace(/\n /g, '\0').split('\n')) {
    const space = line.indexOf(' ');
    const name = space < 0 ? line : line.slice(0, space);
    const value = space < 0 ? '' : line.slice(space + 1).replaceAll('\0', '\n');
    const values = headers.get(name);
    if (values) values.push(value);
    else headers.set(name, [value]);
  }
  return headers;
}

function parseIdentity(line: string): { who: string; at: string } {
  const match = /^(.*?)(?: (-?\d+) [+-]\d+)?$/s.exec(line);
  return { who: bounded(match?.[1] ?? ''), at: instant(Number(match?.[2] ?? 0)) };
}

/** Seconds since 1970 as RFC 3339; a time that it cannot name (before year 0, after 9999) is 1970. */
function instant(seconds: number): string {
  const nameable = seconds >= -62_135_596_800 && seconds <= 253_402_300_799;
  return new Date(nameable ? seconds * 1000 : 0).toISOString().replace('.000Z', 'Z');
}

function subjectOf(message: string): string {
  const paragraph = message.replace(/^\s+/, '').split(/\n[^\S\n]*\n/, 1)[0] ?? '';
  return bounded(
    paragraph
      .split('\n')
      .map((line) => line.trim())
      .join(' ')
      .trim(),
  );
}

/** GitHub's squash `… (#12)` and merge `Merge pull request #12`, GitLab's `See merge request group/project!12`. */
function findPullRequest(message: string): number | undefined {
  const subject = subjectOf(message);
  const match =
    /^Merge pull request #(\d{1,9})\b/.exec(subject) ??
    /\(#(\d{1,9})\)$/.exec(subject) ??
    /^See merge request \S{0,1000}?!(\d{1,9})\s*$/m.exec(message) ??
    /\(#(\d{1,9})\)/.exec(subject);
  return match ? Number(match[1]) : undefined;
}

function findReviewers(message: string): string[] {
  return trailersOf(message).flatMap(({ name, value }) =>
    /^reviewed-by$/i.test(name) && value !== '' ? [bounded(value)] : [],
  );
}
