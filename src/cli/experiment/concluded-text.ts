// What came of concluding an experiment: a diff and remarks, or the files that were written, and what to do next.
import { join } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Conclusion } from '../../authoring/conclude/definitions.ts';
import { printable } from '../../lib/printable.ts';
import type { Problem } from '../../model/problem.ts';
import { placeInRepository } from '../check/repository.ts';
import { withPath } from '../path-option.ts';
import { problemLines } from '../problem-text.ts';
import { counted, say } from '../terminal.ts';

export interface Concluded {
  conclusion: Conclusion;
  flag: string;
  /** Environments in which it goes on. */
  remaining: readonly string[];
  /** What serves the arm now. */
  places: readonly { environment: string; rule: string }[];
  /** Lines with a comment beside what is served now, which may be of the experiment. */
  comments: readonly { file: string; line: number }[];
  /** Test cases that expect something else now, and those that fail now and must be looked at. */
  adapted: readonly { file: string; name: string }[];
  left: readonly { file: string; name: string }[];
  /** Files of tests with errors, which are left as they are. */
  unread: readonly string[];
  /** What `check` warns of and did not before. */
  warnings: readonly Problem[];
  /** Those that change; paths are relative to the definitions' folder. */
  files: readonly { path: string; before: Uint8Array; after: Uint8Array }[];
}

interface Options {
  path: string;
  write: boolean;
  format: 'text' | 'json';
}

export async function printConcluded(concluded: Concluded, options: Options): Promise<void> {
  const place = await placeInRepository(options.path);
  const diff = concluded.files.map((file) => unifiedDiff(place, file)).join('');
  if (options.format === 'json') return say(JSON.stringify(jsonOf(concluded, options, diff), null, 2));
  if (options.write) return say(...remarks(concluded, options), ...nextLines(concluded, options));
  const hint = 'Nothing is written. To write it: the same with --write, or pipe it into `git apply`.';
  const lines = [...remarks(concluded, options), hint];
  process.stderr.write(lines.map((line) => (line === '' ? '\n' : `halyard: ${line}\n`)).join(''));
  process.stdout.write(diff);
}

/** As `git apply` takes it, with paths from the root of the repository. */
function unifiedDiff(place: string, { path, before, after }: Concluded['files'][number]): string {
  const [was, is] = [before, after].map((content) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(content),
  );
  const name = place + path;
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, was ?? '', is ?? '', undefined, undefined, options);
}

function remarks(concluded: Concluded, { path }: Options): string[] {
  const { conclusion, flag, remaining, places, comments, adapted, left, unread, warnings } = concluded;
  const { experiment, arm, environments } = conclusion;
  const where = places.map(({ environment, rule }) => {
    const what = rule === 'everyone else' ? 'everyone else' : `rule "${printable(rule)}"`;
    return `${flag} in ${environment}: ${what} serves ${arm}.`;
  });
  const unused =
    places.length === 0 ? [`No rule of ${flag} gave its arms in ${environments.join(', ')}.`] : [];
  const goesOn = remaining.length === 0 ? [] : [`It goes on in ${remaining.join(', ')}.`];
  return [
    remaining.length === 0
      ? `${experiment} is stopped.`
      : `${experiment} ends in ${environments.join(', ')}.`,
    ...goesOn,
    ...where,
    ...unused,
    ...comments.map(({ file, line }) => `${join(path, file)}:${line}: its comment may say what was.`),
    ...caseLines(adapted, path, 'expects what is decided now; its name may say what was'),
    ...caseLines(left, path, 'does not pass any more: adapt it'),
    ...unread.map(
      (file) => `${join(path, file)} has errors, and is left as it is: \`halyard test\` tells them.`,
    ),
    ...warnings.flatMap((problem) => problemLines(problem, path)),
  ];
}

function caseLines(cases: Concluded['left'], path: string, what: string): string[] {
  return cases.map(({ file, name }) => `${join(path, file)}: "${printable(name, 100)}" ${what}.`);
}

function nextLines({ conclusion, files, left }: Concluded, { path }: Options): string[] {
  const { experiment, arm } = conclusion;
  const names = files.map((file) => join(path, file.path));
  return [
    '',
    `${counted(files.length, 'file')} changed: ${names.join(', ')}`,
    '',
    'Next:',
    ...(left.length === 0 ? [] : ['  adapt the cases above that do not pass']),
    `  ${withPath('halyard test', path)}`,
    `  ${withPath('halyard plan', path)}`,
    `  git switch -c conclude-${experiment}`,
    `  git commit -m "Conclude ${experiment}: ship ${arm}" -- ${names.map(quoted).join(' ')}`,
    '  git push, and open a pull request; `halyard analyze --format markdown` has the reason for it',
  ];
}

function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function jsonOf(concluded: Concluded, { path, write }: Options, diff: string) {
  const { conclusion, flag, remaining, places, comments, adapted, left, unread, warnings, files } = concluded;
  const { experiment, arm, environments } = conclusion;
  return {
    ...{ experiment, arm, environments, remaining, flag, places },
    comments: comments.map(({ file, line }) => ({ file: join(path, file), line })),
    tests: { adapted, left, unread },
    warnings,
    files: files.map((file) => join(path, file.path)),
    written: write,
    diff,
  };
}
