// A git tree object taken apart: its folders and its definitions' files. Pure.

export interface TreeNode {
  folders: { name: string; oid: string }[];
  files: { name: string; oid: string }[];
  /** It has what is out of the ordinary: a link, a submodule, a name that is no plain text. */
  isOdd: boolean;
}

const FOLDER = '40000';
const FILES = new Set(['100644', '100755', '100664']);

/** Reads a tree object's content: entries of `<mode> SP <name> NUL <object name>`. Those that are no YAML are left out. */
export function parseTree(content: Uint8Array, oidBytes: number): TreeNode {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const node: TreeNode = { folders: [], files: [], isOdd: false };
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const next = end + 1 + oidBytes;
    if (space < 0 || end < 0 || next > bytes.length) return { ...node, isOdd: true };
    const mode = bytes.toString('latin1', at, space);
    const name = bytes.toString('utf8', space + 1, end);
    const oid = bytes.toString('hex', end + 1, next);
    at = next;
    if (!isPlain(name) || (mode !== FOLDER && !FILES.has(mode))) node.isOdd = true;
    else if (mode === FOLDER) node.folders.push({ name, oid });
    else if (isYaml(name)) node.files.push({ name, oid });
  }
  return node;
}

export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

function isPlain(name: string): boolean {
  return /^[\p{L}\p{N}\p{M} _@.,+=()[\]-]+$/u.test(name) && name !== '.' && name !== '..';
}
