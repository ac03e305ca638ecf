// The trees and files of a window of commits, and the definitions' files that a tree has by them.
import { limits, type SourceFile } from '../../definitions/source-file.ts';
import { readNode, type TreeNode } from './tree-node.ts';

const DEEPEST = 50;
const MOST_FOLDERS = 20_000;
const LONGEST_PATH = 1_000;

interface Visit {
  oid: string;
  /** Undefined while it is not known. */
  node: TreeNode | undefined;
  /** Of the folder, with a slash at its end. */
  path: string;
  depth: number;
}

export class TreeFiles {
  #trees = new Map<string, TreeNode>();
  #files = new Map<string, Uint8Array>();
  #last: string | undefined;

  addTree(oid: string, content: Uint8Array): void {
    this.#trees.set(oid, readNode(content, oid.length / 2));
  }

  /** Copied, so that one small file does not keep all that was read with it in memory. */
  addFile(oid: string, content: Uint8Array): void {
    this.#files.set(oid, new Uint8Array(content));
  }

  /** Forgets everything that the tree that was asked for last does not have. */
  forget(): void {
    const trees = new Map<string, TreeNode>();
    const files = new Map<string, Uint8Array>();
    for (const { oid, node } of this.#walk(this.#last).nodes) {
      if (node) trees.set(oid, node);
      for (const file of node?.files ?? []) {
        const content = this.#files.get(file.oid);
        if (content) files.set(file.oid, content);
      }
    }
    this.#trees = trees;
    this.#files = files;
  }

  unknownTrees(tree: string): string[] {
    return this.#walk(tree).nodes.flatMap(({ oid, node }) => (node ? [] : [oid]));
  }

  unknownFiles(tree: string): string[] {
    const unknown: string[] = [];
    for (const { node } of this.#walk(tree).nodes) {
      for (const { oid } of node?.files ?? []) if (!this.#files.has(oid)) unknown.push(oid);
    }
    return unknown;
  }

  /** All files, or undefined for a tree that is out of the ordinary in any way. */
  of(tree: string): SourceFile[] | undefined {
    this.#last = tree;
    const { nodes, isWhole } = this.#walk(tree);
    if (!isWhole) return undefined;
    const files: SourceFile[] = [];
    let bytes = 0;
    for (const { path, node } of nodes) {
      if (!node || node.isOdd) return undefined;
      for (const { name, oid } of node.files) {
        if (path.length + name.length > LONGEST_PATH) return undefined;
        const content = this.#files.get(oid);
        if (!content) return undefined;
        bytes += content.length;
        files.push({ path: `${path}${name}`, kind: 'file', content });
      }
      if (files.length > limits.files || bytes > limits.folderBytes) return undefined;
    }
    return files;
  }

  /** The tree and what is in it, as far as it is known. A tree may hold itself many times over, so there is an end to it. */
  #walk(tree: string | undefined): { nodes: Visit[]; isWhole: boolean } {
    const nodes: Visit[] = [];
    const ahead: Omit<Visit, 'node'>[] = tree === undefined ? [] : [{ oid: tree, path: '', depth: 0 }];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      const { path, depth } = next;
      if (depth > DEEPEST || nodes.length === MOST_FOLDERS) return { nodes, isWhole: false };
      const node = this.#trees.get(next.oid);
      nodes.push({ ...next, node });
      for (const folder of node?.folders ?? [])
        ahead.push({ oid: folder.oid, path: `${path}${folder.name}/`, depth: depth + 1 });
    }
    return { nodes, isWhole: true };
  }
}
