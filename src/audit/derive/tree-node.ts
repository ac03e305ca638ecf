// What the derivation takes of a git tree object: its folders and its definitions' files. Pure.
import { parseTree } from '../../git/tree-object.ts';

export interface TreeNode {
  folders: { name: string; oid: string }[];
  files: { name: string; oid: string }[];
  /** It has what is out of the ordinary: a link, a submodule, a name that is no plain text. */
  isOdd: boolean;
}

/** Reads a tree object's content. Files that are no YAML are left out. */
export function readNode(content: Uint8Array, oidBytes: number): TreeNode {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const node: TreeNode = { folders: [], files: [], isOdd: false };
  const entries = parseTree(bytes, oidBytes);
  if (!entries) return { ...node, isOdd: true };
  for (const { kind, name, oid } of entries) {
    if (!isPlain(name) || kind === 'link' || kind === 'submodule') node.isOdd = true;
    else if (kind === 'folder') node.folders.push({ name, oid });
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
