// What the pages show is what happens: their commands are run in order, and print what is shown.
// `npm run pages` writes what they print into the pages, for a change that was meant.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPage } from './support/page/run-page.ts';
import { Workshop } from './support/page/workshop.ts';

const REWRITE = process.env.HALYARD_REWRITE_GOLDEN === '1';
const root = join(import.meta.dirname, '..');

/** Where each page begins: in an empty repository that has Halyard as a package, or in one with the sample project. */
const pages: [page: string, start: 'the package' | 'the sample project'][] = [
  ['README.md', 'the sample project'],
  ['docs/guide.md', 'the package'],
  ['docs/commands.md', 'the sample project'],
  ['docs/testing.md', 'the sample project'],
  ['docs/reviewing.md', 'the sample project'],
];

test.concurrent.each(pages)(
  'what %s shows happens, beginning with %s',
  async (page, start) => {
    const text = await readFile(join(root, page), 'utf8');
    await using workshop = await Workshop.create();
    await (start === 'the package' ? workshop.installPackage() : workshop.bringSample());
    const real = await runPage(text, workshop);
    if (REWRITE) await writeFile(join(root, page), real);
    else expect(text).toBe(real);
  },
  180_000,
);

const page = `Write \`notes/a.txt\`:

\`\`\`text
one
two
three
\`\`\`

Then, in \`notes/a.txt\`:

\`\`\`diff
 one
-two
+2
@@
+2.5
 three
\`\`\`

\`\`\`console
$ cat notes/a.txt; \\
  echo 'in 0.25 s' >&2
one
2
2.5
three
in 0.31 s
$ cat notes/a.txt
…
three
$ true
\`\`\`
`;

test('a page that shows what happens is as it is; durations may differ, and lines be left out', async () => {
  await using workshop = await Workshop.create();
  expect(await runPage(page, workshop)).toBe(page);
});

test('a page that shows something else gets what happens', async () => {
  await using workshop = await Workshop.create();
  expect(await runPage(page.replace('2.5\nthree', '2.5\nfour'), workshop)).toBe(page.replace('0.31', '0.25'));
  expect(await runPage(page.replace('…\nthree', '…\nfour'), workshop)).toBe(page);
  expect(await runPage(page.replace('$ true\n', '$ true\nmore\n'), workshop)).toBe(page);
});

test('an edit of what is not there, or is there twice, is refused', async () => {
  await using workshop = await Workshop.create();
  const edit = (from: string, to: string) => runPage(page.replace(from, to), workshop);
  await expect(edit('-two', '-too')).rejects.toThrow('is not in notes/a.txt');
  await expect(edit('one\ntwo', 'one\ntwo\none\ntwo')).rejects.toThrow('is in notes/a.txt twice');
});
