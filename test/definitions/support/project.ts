// A small project for tests: files by path, on top of a project.yaml that every test needs.
import { type Loaded, loadDefinitions } from '../../../src/definitions/load.ts';
import type { SourceFile } from '../../../src/definitions/source-file.ts';

export const PROJECT = `project: acme/shop
environments:
  dev: { salt: "5f0c1a" }
  prod: { salt: "c07d2e" }
attributes:
  country: { type: string, values: [US, CA, DE] }
  plan: { type: string, values: [free, pro] }
  email: { type: string, personal: true }
  roles: { type: string, list: true, values: [admin, editor] }
  appVersion: { type: semver }
  signedUpAt: { type: date }
  age: { type: number }
  ip: { type: string }
  beta: { type: boolean }
`;

/** An access policy of one person who may everything. */
export const ACCESS = `access: 1
people: { alice: { keys: ["SHA256:${'A'.repeat(43)}"], roles: [admin] } }
rules:
  - { role: admin, may: [change, change-access, override] }
`;

export type Texts = { readonly [path: string]: string | Uint8Array };

export function sourceFiles(texts: Texts): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, kind: 'file', content: bytes(text) }));
}

export function bytes(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text;
}

/** Loads the texts beside the small project; `'project.yaml'` among them replaces it. */
export function load(texts: Texts): Loaded {
  return loadDefinitions(sourceFiles({ 'project.yaml': PROJECT, ...texts }));
}

/** A boolean flag with owner and description, and the rules that are given, in `prod`. */
export function flag(key: string, prod = 'serve: on', more = ''): string {
  return `flag: ${key}
description: A test.
owner: tests
permanent: true
type: boolean
${more}environments:
  prod:
    ${prod.trim().replaceAll('\n', '\n    ')}
`;
}

/** A flag whose one rule has the condition, in flow style. */
export function flagIf(key: string, condition: string): string {
  return flag(key, `rules:\n  - name: r\n    if: ${condition}\n    then: { serve: on }`);
}

/** `code file:line:column`, and what stands there, for each problem. */
export function places(texts: Texts, { problems }: Pick<Loaded, 'problems'>): string[] {
  return problems.map(({ code, file, line, column }) => {
    const lines = new TextDecoder().decode(bytes(texts[file] ?? '')).split('\n');
    const there = lines[line - 1]?.slice(column - 1).split(/[\s,\]}]/)[0] ?? '';
    return `${code} ${file}:${line}:${column} ${there.slice(0, 20)}`.trimEnd();
  });
}
