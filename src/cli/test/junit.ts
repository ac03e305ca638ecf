// What `halyard test --format junit` prints: the JUnit XML that GitLab, Jenkins and reporters of GitHub read.
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { CaseResult } from '../../flag-tests/run.ts';
import type { Problem } from '../../model/problem.ts';
import { coverageLines, coverageSentence } from './coverage-text.ts';
import { caseLines, caseName, failureLines } from './failure-text.ts';
import { isCovered, type Round } from './round.ts';

/**
 * A suite for each test file and environment; a file with errors is a suite with one erroneous case for each, and the
 * coverage that is demanded is one with a case of its own, so that whatever makes the command fail can be seen.
 */
export function roundJunit(round: Round): string {
  const { path, results, problems, durationMs } = round;
  const suites = new Map<string, CaseResult[]>();
  for (const result of results) {
    const id = `${result.case.file}\t${result.case.environment}`;
    const there = suites.get(id);
    if (there) there.push(result);
    else suites.set(id, [result]);
  }
  const errors = problems.filter(({ severity }) => severity === 'error');
  const demanded = coverageSuite(round);
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const attributes = {
    name: 'halyard test',
    tests: results.length + errors.length + (demanded ? 1 : 0),
    failures: failed + (demanded?.failures ?? 0),
    errors: errors.length,
    time: seconds(durationMs),
  };
  const inner = [
    ...Array.from(suites.values(), (cases) => suite(cases, path)),
    ...Array.from(
      Map.groupBy(errors, ({ file }) => file),
      ([file, found]) => errorSuite(file, found, path),
    ),
    ...(demanded ? [demanded.text] : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, inner)}\n`;
}

function suite(results: readonly CaseResult[], folder: string): string {
  const [first] = results;
  if (!first) return '';
  const { file, flag, environment } = first.case;
  const durationMs = results.reduce((sum, result) => sum + result.durationMs, 0);
  const attributes = {
    name: `${flag} in ${environment}`,
    file: join(folder, file),
    tests: results.length,
    failures: results.filter(({ failures }) => failures.length > 0).length,
    errors: 0,
    skipped: 0,
    time: seconds(durationMs),
  };
  return element(
    'testsuite',
    attributes,
    results.map((result) => testCase(result, folder)),
  );
}

function testCase(result: CaseResult, folder: string): string {
  const { case: one, failures, durationMs } = result;
  const attributes = {
    name: caseName(one),
    classname: `${one.environment}.${one.flag}`,
    file: join(folder, one.file),
    line: one.line,
    time: seconds(durationMs),
  };
  if (failures.length === 0) return element('testcase', attributes, []);
  const message = failureLines(failures).join('; ');
  const text = escaped(caseLines(result, folder).join('\n'));
  return element('testcase', attributes, [element('failure', { message, type: 'unexpected' }, [text])]);
}

function errorSuite(file: string, errors: readonly Problem[], folder: string): string {
  const place = join(folder, file);
  const cases = errors.map(({ line, column, code, message, hint }) => {
    const text = escaped(`${place}:${line}:${column} ${message} ${hint}`);
    const error = element('error', { message, type: code }, [text]);
    const attributes = {
      name: `${code} at ${line}:${column}`,
      classname: place,
      file: place,
      line,
      time: '0.000',
    };
    return element('testcase', attributes, [error]);
  });
  const counts = { tests: errors.length, failures: 0, errors: errors.length, skipped: 0, time: '0.000' };
  return element('testsuite', { name: place, file: place, ...counts }, cases);
}

/** Undefined where no coverage is demanded. */
function coverageSuite(round: Round): { failures: number; text: string } | undefined {
  const { coverage, minCoverage } = round;
  if (!coverage || minCoverage === undefined) return undefined;
  const failures = isCovered(coverage, minCoverage) ? 0 : 1;
  const message = coverageSentence(coverage, round);
  const missed = escaped(coverageLines(coverage, round).join('\n'));
  const failure = failures > 0 ? [element('failure', { message, type: 'coverage' }, [missed])] : [];
  const one = { name: `at least ${minCoverage}%`, classname: 'coverage', time: '0.000' };
  const counts = { tests: 1, failures, errors: 0, skipped: 0, time: '0.000' };
  const inner = [element('testcase', one, failure)];
  return { failures, text: element('testsuite', { name: 'coverage', ...counts }, inner) };
}

function element(
  name: string,
  attributes: Record<string, string | number>,
  inner: readonly string[],
): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const start = `<${name}${said.join('')}`;
  return inner.length === 0 ? `${start}/>` : `${start}>\n${inner.join('\n')}\n</${name}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** What XML 1.0 has no way to write, not even escaped (§2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Also without the colours of a terminal. */
function escaped(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replace(NOT_XML, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
