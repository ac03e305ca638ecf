// Repositories that no honest git would make: their objects are written by hand, so that anything can stand in them.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { flagYaml, PROJECT_YAML } from './sync-project.ts';

export interface Entry {
  mode: string;
  name: string | Buffer;
  oid: string;
}

export interface RawCommit {
  tree: string;
  parents?: readonly string[];
  /** The header lines after the parents, each with its line break. */
  headers?: string;
  message?: string | Buffer;
}

const PERSON = 'Mallory <mallory@example.com> 1700000000 +0000';
export const PEOPLE = `author ${PERSON}\ncommitter ${PERSON}\n`;

/** Writes to the repository whose git folder this is. */
export class HostileRepository {
  readonly gitFolder: string;

  constructor(gitFolder: string) {
    this.gitFolder = gitFolder;
  }

  object(type: 'blob' | 'tree' | 'commit' | 'tag', content: string | Buffer): string {
    const body = Buffer.from(content as string);
    const raw = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const oid = createHash('sha1').update(raw).digest('hex');
    const folder = join(this.gitFolder, 'objects', oid.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, oid.slice(2)), deflateSync(raw, { level: 1 }));
    return oid;
  }

  blob(content: string | Buffer): string {
    return this.object('blob', content);
  }

  /** In the order that is given, which is git's for `sorted` entries alone. */
  tree(entries: readonly Entry[]): string {
    return this.object('tree', Buffer.concat(entries.map(encodeEntry)));
  }

  commit({ tree, parents = [], headers = PEOPLE, message = 'hostile\n' }: RawCommit): string {
    const start = `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}${headers}\n`;
    return this.object('commit', Buffer.concat([Buffer.from(start), Buffer.from(message as string)]));
  }

  /** A root tree whose folder `flags` has a good project, a flag at some percent, and more. */
  project(more: readonly Entry[] = [], percent = 10): string {
    const flags = sorted([
      file('project.yaml', this.blob(PROJECT_YAML)),
      file('checkout.yaml', this.blob(flagYaml('checkout', percent))),
      ...more,
    ]);
    return this.tree([folder('flags', this.tree(flags))]);
  }

  setBranch(oid: string): void {
    writeFileSync(join(this.gitFolder, 'refs', 'heads', 'main'), `${oid}\n`);
  }
}

export const file = (name: Entry['name'], oid: string): Entry => ({ mode: '100644', name, oid });
export const folder = (name: Entry['name'], oid: string): Entry => ({ mode: '40000', name, oid });
export const link = (name: Entry['name'], oid: string): Entry => ({ mode: '120000', name, oid });

/** Git orders by the bytes of names, folders as if these ended with a slash. */
export function sorted(entries: readonly Entry[]): Entry[] {
  const key = ({ mode, name }: Entry) =>
    Buffer.concat([Buffer.from(name as string), Buffer.from(mode === '40000' ? '/' : '')]);
  return entries.toSorted((a, b) => Buffer.compare(key(a), key(b)));
}

function encodeEntry({ mode, name, oid }: Entry): Buffer {
  const start = [Buffer.from(`${mode} `), Buffer.from(name as string), Buffer.of(0)];
  return Buffer.concat([...start, Buffer.from(oid, 'hex')]);
}
