// The flags of the hostile bench: what an attacker would like to find, regular expressions and searches in one attribute.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROJECT = `project: acme/bench
environments: { prod: { salt: "c07d2e" } }
attributes: { plan: { type: string } }
`;

/** A quarter of the flags match `plan` against regular expressions, a quarter look into it whatever its case. */
export async function writeHostileFlags(folder: string, count: number): Promise<void> {
  const rule = (test: string) =>
    `rules: [{ if: { attribute: plan, ${test} }, then: { serve: on } }]\n    serve: off`;
  const kinds = [
    'serve: on',
    rule('operator: matches, value: ["^(pro|team)-[0-9]{2,8}$", "(a|b)*c[a-z]+"]'),
    rule('operator: contains, value: [enterprise, partner], ignore_case: true'),
    rule('operator: in, value: [pro, team]'),
  ];
  await writeFile(join(folder, 'project.yaml'), PROJECT);
  for (let at = 0; at < count; at++) {
    const flag = `flag: flag-${at}\npermanent: true\ntype: boolean\nenvironments:\n  prod:\n    ${kinds[at % 4]}\n`;
    await writeFile(join(folder, `flag-${at}.yaml`), flag);
  }
}
