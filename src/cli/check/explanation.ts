// What there is to know about one problem code: from the table of codes and the examples, for pages, SARIF and terminals.
import { type ProblemCode, problemCodes } from '../../model/problem.ts';
import { problemExamples } from '../../model/problem-examples.ts';

/** The code's sentence, what to do, and an example of both, as Markdown. */
export function problemMarkdown(code: ProblemCode): string {
  const example = problemExamples[code];
  const shown =
    'diff' in example ? `\`\`\`diff\n${example.diff.trim()}\n\`\`\`` : `For example: ${example.words}`;
  return `${problemCodes[code].summary}\n\n**Mend:** ${example.mend}\n\n${shown}`;
}

/** The same as plain text. */
export function problemExplanation(code: ProblemCode): string {
  const { severity, summary } = problemCodes[code];
  const example = problemExamples[code];
  const shown = 'diff' in example ? example.diff.trim().replace(/^/gm, '    ') : `    ${example.words}`;
  return `${code} (${severity})\n\n${summary}\n${example.mend}\n\n${shown}\n`;
}
