// docs/problems.md, made from the table of problem codes and their examples.
import { problemMarkdown } from '../src/cli/check/explanation.ts';
import { type ProblemCode, type ProblemGroup, problemCodes } from '../src/model/problem.ts';
import { EXAMPLE_PROJECT } from '../src/model/problem-examples/example.ts';

const sections: Record<ProblemGroup, string> = {
  file: 'Files and folders',
  yaml: 'YAML',
  shape: 'The shape of a definition',
  meaning: 'What definitions mean',
  habit: 'Habits',
  sync: 'What is applied',
  access: 'Who may change what',
  test: 'Tests of flags',
};

const intro = `# Problems, and how to mend them

Every problem that \`halyard check\` and \`halyard test\` tell has a code, and its section here. \`halyard check --explain <code>\` prints the same.
An error keeps a commit from being applied; a warning does not, and fails \`check --strict\` alone.
In the examples, lines that begin with \`-\` provoke the problem, and lines that begin with \`+\` mend it. Where an example shows no
project.yaml, it stands beside this one:

\`\`\`yaml
${EXAMPLE_PROJECT}\`\`\`
`;

/** The whole page. */
export function problemsPage(): string {
  const codes = Object.keys(problemCodes) as ProblemCode[];
  const groups = Object.entries(sections).map(([group, title]) => {
    const own = codes.filter((code) => problemCodes[code].group === group);
    const links = own.map((code) => `[\`${code}\`](#${code})`).join(' · ');
    return [`## ${title}`, links, ...own.map(problemSection)].join('\n\n');
  });
  return `${[intro, ...groups].join('\n')}\n`;
}

function problemSection(code: ProblemCode): string {
  return `### ${code}\n\n*${problemCodes[code].severity}* · ${problemMarkdown(code)}`;
}
