// A folder of definitions for tests: a small shop, written and changed as files.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Folder extends AsyncDisposable {
  path: string;
  /** Writes files by their path; null deletes one. */
  write: (files: { [path: string]: string | null }) => Promise<void>;
}

export const projectFile = `project: acme/shop
environments:
  dev: { salt: "5f0c1a" }
  prod: { salt: "c07d2e" }
attributes:
  plan: { type: string }
  email: { type: string, personal: true }
`;

/** A boolean flag that serves one variation in prod. */
export function flagFile(key: string, serve: 'on' | 'off', description = 'A test flag.'): string {
  return `flag: ${key}
description: ${description}
owner: tests
permanent: true
type: boolean
environments:
  prod:
    serve: ${serve}
`;
}

/** Flags of every type, and one of every kind of answer. */
export const shop: { [path: string]: string } = {
  'project.yaml': projectFile,
  'checkout/truth.yaml': flagFile('truth', 'on'),
  'checkout/lie.yaml': flagFile('lie', 'off'),
  'text.yaml': typedFlag('text', 'string', '{ short: "a", long: "b ü" }', 'long'),
  'number.yaml': typedFlag('number', 'number', '{ half: 0.5, many: 42 }', 'half'),
  'integer.yaml': typedFlag('integer', 'number', '{ half: 0.5, many: 42 }', 'many'),
  'object.yaml': typedFlag('object', 'json', '{ some: { a: [1, { b: null }] }, list: [1, "x"] }', 'some'),
  'list.yaml': typedFlag('list', 'json', '{ some: { a: [1, { b: null }] }, list: [1, "x"] }', 'list'),
  'by-plan.yaml': `flag: by-plan
description: Depends on the context.
owner: tests
permanent: true
type: string
variations: { free: free tier, pro: pro tier }
off: free
environments:
  prod:
    targets: { pro: [boss] }
    rules:
      - name: pro
        if: { attribute: plan, operator: eq, value: pro }
        then: { serve: pro }
    serve: free
`,
  'half.yaml': `flag: half
description: Needs a unit.
owner: tests
permanent: true
type: boolean
environments:
  prod: { serve: on, percent: 50 }
`,
  'bare.yaml': `flag: bare
description: Leaves it to the app.
owner: tests
permanent: true
type: string
variations: { a: a }
environments:
  dev: { serve: a }
`,
};

function typedFlag(key: string, type: string, variations: string, serve: string): string {
  return `flag: ${key}
description: A typed flag.
owner: tests
permanent: true
type: ${type}
variations: ${variations}
off: ${serve}
environments:
  prod: { serve: ${serve} }
`;
}

/** A temporary folder with files, deleted when it is disposed of. */
export async function createFolder(files: { [path: string]: string } = shop): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'halyard-relay-'));
  const write: Folder['write'] = async (changes) => {
    for (const [name, content] of Object.entries(changes)) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      if (content === null) await rm(file);
      else await writeFile(file, content);
    }
  };
  await write(files);
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
