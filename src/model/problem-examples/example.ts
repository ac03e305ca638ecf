// What an example of a problem is, and how the files of its two sides are read out of it.

/** A file of a definitions' folder, as its loader takes them. */
export type ExampleFile =
  | { path: string; kind: 'file'; content: Uint8Array }
  | { path: string; kind: 'link' | 'submodule' | 'unlisted' }
  | { path: string; kind: 'oversized'; sizeBytes: number };

/**
 * How to provoke one problem and how to mend it. A `diff` has the lines of both sides: `# path` begins a file, and every
 * other line begins with a blank (it stands on both sides), `-` (it provokes the problem) or `+` (it mends it).
 * What no text can show is said in `words`, and made by `files`, where files alone can make it.
 */
export type ProblemExample = {
  /** What to do: whole sentences. */
  mend: string;
} & ({ diff: string } | { words: string; files?: (side: Side) => ExampleFile[] });

export type Side = 'broken' | 'mended';

/** The project.yaml of every example that shows none. */
export const EXAMPLE_PROJECT = `project: acme/shop
environments:
  dev: { salt: "5f0c1a" }
  prod: { salt: "c07d2e" }
attributes:
  country: { type: string, values: [US, CA, DE] }
  plan: { type: string, values: [free, pro] }
  age: { type: number }
  beta: { type: boolean }
  appVersion: { type: semver }
  signedUpAt: { type: date }
  ip: { type: string }
  email: { type: string, personal: true }
`;

/** The folder that shows the problem, or the same one mended. */
export function exampleFiles(example: ProblemExample, side: Side): ExampleFile[] {
  if ('diff' in example) {
    const files = diffFiles(example.diff, side);
    return /^# project\.yaml$/m.test(example.diff) ? files : [PROJECT_FILE, ...files];
  }
  const files = example.files?.(side) ?? [];
  return files.some(({ path }) => path === 'project.yaml') ? files : [PROJECT_FILE, ...files];
}

export function textFile(path: string, text: string): ExampleFile {
  return { path, kind: 'file', content: new TextEncoder().encode(text) };
}

/** A flag with these lines under its environment, for what is too long to be shown. */
export function checkoutFile(lines: string): ExampleFile {
  return textFile(
    'checkout.yaml',
    `flag: checkout
description: d
owner: payments
permanent: true
type: boolean
environments:
  prod:
${lines}
`,
  );
}

const PROJECT_FILE = textFile('project.yaml', EXAMPLE_PROJECT);

/** A file of which no line stands on a side is not there on it. */
function diffFiles(diff: string, side: Side): ExampleFile[] {
  const marks = side === 'broken' ? ' -' : ' +';
  const texts = new Map<string, string>();
  let path = '';
  for (const line of diff.split('\n')) {
    if (line.startsWith('# ')) path = line.slice(2);
    else if (line !== '' && marks.includes(line.charAt(0)))
      texts.set(path, `${texts.get(path) ?? ''}${line.slice(1)}\n`);
  }
  return Array.from(texts, ([name, text]) => textFile(name, text));
}
