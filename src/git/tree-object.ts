// A git tree object taken apart, as git itself reads it. Pure.

/** What an entry's mode makes of it. Git takes what is neither file, link nor folder for a submodule, whatever it is. */
export type EntryKind = 'file' | 'link' | 'submodule' | 'folder';

export interface TreeObjectEntry {
  /** What is not UTF-8 is U+FFFD. */
  name: string;
  kind: EntryKind;
  oid: string;
}

const KINDS = new Map<number, EntryKind>([
  [0o040000, 'folder'],
  [0o100000, 'file'],
  [0o120000, 'link'],
]);

/** The entries of a tree, `<mode> SP <name> NUL <object name>` each, in their order; undefined for what is no tree. */
export function parseTree(content: Buffer, oidBytes: number): TreeObjectEntry[] | undefined {
  const entries: TreeObjectEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = space < 0 ? -1 : content.indexOf(0, space);
    const next = end + 1 + oidBytes;
    const kind = kindOf(content.toString('latin1', at, Math.max(space, at)));
    if (end < 0 || next > content.length || kind === undefined) return undefined;
    entries.push({
      name: content.toString('utf8', space + 1, end),
      kind,
      oid: content.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}

/** Git keeps the lowest 32 bits of a mode, however long it is written: `get_mode` in its tree-walk.c. */
function kindOf(mode: string): EntryKind | undefined {
  if (!/^[0-7]+$/.test(mode)) return undefined;
  let bits = 0;
  for (const digit of mode) bits = ((bits << 3) | Number(digit)) >>> 0;
  return KINDS.get(bits & 0o170000) ?? 'submodule';
}
