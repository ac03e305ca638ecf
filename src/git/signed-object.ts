// Where the signature stands in a commit or a tag: by git's own rules, and stricter, so that nothing can be read in two ways. Pure.

/** `unclear`: there is something of a signature, but not exactly one in its place. */
export type FoundSignature = { found: 'none' } | { found: 'one'; armor: string } | { found: 'unclear' };

export type ObjectFormat = 'sha1' | 'sha256';

/** What a tag says that it is of. */
export interface TagTarget {
  name: string;
  target: { id: string; type: string };
}

/** The header that git verifies in a repository of each format. */
const HEADERS = { sha1: 'gpgsig', sha256: 'gpgsig-sha256' } as const;

/**
 * What git knows a commit by comes first. A signature's own lines are no part of the signed text, so one among these
 * would make git read less in the commit than what was signed. The time is one that ssh-keygen reads (the years 1970 to
 * 5138): before another it ends without reading what git writes to it, and git may die of that.
 */
const COMMIT_START =
  /^tree [0-9a-f]+\n(?:parent [0-9a-f]+\n)*author [^\n\0]*\ncommitter [^\n\0]*> \d{1,11} [+-]\d+\n/;
const TAG_START = /^object ([0-9a-f]+)\ntype ([a-z]+)\ntag ([^\n\0]*)\n/;
const WHEN = /^[^\n\0]*> \d{1,11} [+-]\d+$/;
const ARMORS = ['PGP SIGNATURE', 'PGP MESSAGE', 'SIGNED MESSAGE', 'SSH SIGNATURE'];

/** The format of the repository that an object's whole id is from. */
export function formatOf(id: string): ObjectFormat {
  return id.length === 64 ? 'sha256' : 'sha1';
}

/** The signature of a commit object. */
export function signatureOfCommit(content: Uint8Array, format: ObjectFormat): FoundSignature {
  const text = latin1(content);
  // Git leaves each header out of the signed text whose name begins like this.
  const [only, ...more] = headersOf(text).filter(({ name }) => name.startsWith('gpgsig'));
  if (!only) return { found: 'none' };
  const start = COMMIT_START.exec(text)?.[0].length ?? Number.POSITIVE_INFINITY;
  if (more.length > 0 || only.name !== HEADERS[format] || only.at < start) return { found: 'unclear' };
  return { found: 'one', armor: only.value };
}

/** The signature of a tag object: in its text, from the last line that begins one to the end. */
export function signatureOfTag(content: Uint8Array): FoundSignature {
  const text = latin1(content);
  const at = Math.max(...ARMORS.map((armor) => text.lastIndexOf(`\n-----BEGIN ${armor}-----`)));
  const headers = headersOf(text);
  // A header for the other object format is no part of the signed text either.
  if (headers.some(({ name }) => name.startsWith('gpgsig'))) return { found: 'unclear' };
  if (at < 0) return { found: 'none' };
  const isRead = TAG_START.test(text) && headers[3]?.name === 'tagger' && WHEN.test(headers[3].value);
  const isInText = text.includes('\n\n') && at > text.indexOf('\n\n');
  return isRead && isInText ? { found: 'one', armor: text.slice(at + 1) } : { found: 'unclear' };
}

/** What a tag object is of; undefined for one that does not say. */
export function targetOfTag(content: Uint8Array): TagTarget | undefined {
  const [, id, type, name] = TAG_START.exec(Buffer.from(content).toString('utf8')) ?? [];
  return id && type && name !== undefined ? { name, target: { id, type } } : undefined;
}

interface Header {
  name: string;
  value: string;
  /** Where it begins. */
  at: number;
}

/** A header is `name value`, and goes on in the lines that begin with a space. */
function headersOf(text: string): Header[] {
  const end = text.indexOf('\n\n');
  const headers: Header[] = [];
  let at = 0;
  for (const line of text.slice(0, end < 0 ? text.length : end).split('\n')) {
    const last = headers.at(-1);
    const space = line.indexOf(' ');
    if (space === 0 && last) last.value += `\n${line.slice(1)}`;
    else if (space < 0) headers.push({ name: line, value: '', at });
    else headers.push({ name: line.slice(0, space), value: line.slice(space + 1), at });
    at += line.length + 1;
  }
  return headers;
}

/** One character a byte: what is not ASCII is in no signature. */
function latin1(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}
