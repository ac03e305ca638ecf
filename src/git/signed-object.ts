// Where the signature stands in a commit or a tag, by git's own rules and stricter: what could be read in two ways is unclear. Pure.

/** `unclear`: there is something of a signature, but not exactly one, in its place. */
export type FoundSignature = { found: 'none' } | { found: 'one'; armor: string } | { found: 'unclear' };

export type ObjectFormat = 'sha1' | 'sha256';

/** The header that git verifies in a repository of each format. */
const HEADERS = { sha1: 'gpgsig', sha256: 'gpgsig-sha256' } as const;

/**
 * What git reads a commit by comes first. A signature above one of these lines is left out of the signed text as any is,
 * so that git would read less in the commit than what was signed.
 */
const COMMIT_START = /^tree [0-9a-f]+\n(?:parent [0-9a-f]+\n)*author [^\n\0]*\ncommitter [^\n\0]*\n/;
const TAG_START = /^object [0-9a-f]+\ntype [a-z]+\ntag [^\n\0]*\ntagger [^\n\0]*\n/;

/** The signature of a commit object. */
export function signatureOfCommit(content: Uint8Array, format: ObjectFormat): FoundSignature {
  const text = latin1(content);
  const headers = text.split('\n\n', 1)[0] ?? '';
  // Git leaves out of the signed text each header whose name begins like this, whatever follows.
  const signatures = [...`\n${headers}\n`.matchAll(/\ngpgsig([^\n]*(?:\n [^\n]*)*)(?=\n)/g)];
  const [only, ...more] = signatures;
  if (!only) return { found: 'none' };
  const [name = '', value] = split(`gpgsig${only[1]}`);
  const start = COMMIT_START.exec(text)?.[0].length ?? Number.POSITIVE_INFINITY;
  if (more.length > 0 || name !== HEADERS[format] || only.index < start) return { found: 'unclear' };
  return { found: 'one', armor: value.replaceAll('\n ', '\n') };
}

/** The signature of a tag object: in its text, from the last line that begins one to the end. */
export function signatureOfTag(content: Uint8Array): FoundSignature {
  const text = latin1(content);
  const [headers = ''] = text.split('\n\n', 1);
  const at = Math.max(...['PGP SIGNATURE', 'PGP MESSAGE', 'SIGNED MESSAGE', 'SSH SIGNATURE'].map(lastLine));
  function lastLine(kind: string): number {
    return text.lastIndexOf(`\n-----BEGIN ${kind}-----`);
  }
  const hasHeader = /^gpgsig/m.test(headers);
  if (at < 0) return { found: hasHeader ? 'unclear' : 'none' };
  if (hasHeader || at < headers.length || !TAG_START.test(text)) return { found: 'unclear' };
  return { found: 'one', armor: text.slice(at + 1) };
}

/** One character a byte: what is not ASCII is in no signature. */
function latin1(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}

function split(header: string): [string, string] {
  const space = header.search(/[ \n]/);
  return space < 0 ? [header, ''] : [header.slice(0, space), header.slice(space + 1)];
}
