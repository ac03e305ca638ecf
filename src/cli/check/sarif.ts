// `check` as a SARIF 2.1.0 log, for code scanning and editors.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { createHash } from 'node:crypto';
import { VERSION } from '../../lib/version.ts';
import { type Problem, type ProblemCode, problemCodes } from '../../model/problem.ts';
import { problemExamples } from '../../model/problem-examples.ts';
import { problemMarkdown } from './explanation.ts';
import type { CheckOutcome } from './outcome.ts';

/** @param place the folder's path from the repository's root, with `/` at its end */
export function sarifLog(outcome: CheckOutcome, place: string): object {
  const codes = [...new Set(outcome.problems.map(({ code }) => code))].sort();
  const fingerprint = fingerprints(outcome);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Halyard', semanticVersion: VERSION, rules: codes.map(rule) } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, exitCode: outcome.ok ? 0 : 1 }],
        results: outcome.problems.map((problem) => ({
          ruleId: problem.code,
          ruleIndex: codes.indexOf(problem.code),
          level: problem.severity,
          message: { text: [problem.message, problem.hint].filter(Boolean).join('\n') },
          locations: [{ physicalLocation: location(problem, place, outcome) }],
          partialFingerprints: { 'problem/v1': fingerprint(problem) },
        })),
      },
    ],
  };
}

function rule(code: ProblemCode) {
  const { severity, summary } = problemCodes[code];
  return {
    id: code,
    shortDescription: { text: summary },
    // GitHub shows it, and asks for it.
    fullDescription: { text: `${summary} ${problemExamples[code].mend}` },
    help: { text: `${summary} ${problemExamples[code].mend}`, markdown: problemMarkdown(code) },
    defaultConfiguration: { level: severity },
  };
}

function location(problem: Problem, place: string, { sources }: CheckOutcome) {
  const { line, column } = problem;
  const uri = uriOf(place + problem.file);
  return {
    artifactLocation: uri.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' },
    // GitHub asks for all four.
    region: {
      startLine: line,
      startColumn: column,
      endLine: line,
      endColumn: column + sources.lengthOf(problem),
    },
  };
}

/** The path with what URIs cannot hold encoded (RFC 3986). Names from a disk may hold halves of surrogate pairs. */
function uriOf(path: string): string {
  const parts = path.split('/');
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
}

/**
 * Tells a problem of one commit from those of another: by its code, its file and the text of its line, not by where the
 * line is. Equal ones are counted.
 */
function fingerprints({ sources }: CheckOutcome): (problem: Problem) => string {
  const counts = new Map<string, number>();
  return (problem) => {
    const { file, code, message } = problem;
    const parts = [code, file, message, sources.lineOf(problem)?.trim() ?? ''];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  };
}
