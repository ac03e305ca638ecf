// A plan says who may make the change and who must approve it, by the policy that is there before.
import { expect, test } from 'vitest';
import { planMarkdown } from '../../src/cli/plan/markdown.ts';
import { narrowed } from '../../src/cli/plan/report.ts';
import { planLines } from '../../src/cli/plan/text.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import type { Definitions } from '../../src/model/definition.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planOf } from '../../src/plan/plan-of.ts';
import { reportOf } from '../support/hand-made-plan.ts';

const KEY = (letter: string) => `SHA256:${letter.repeat(43)}`;
const PROJECT = 'project: acme/shop\nenvironments:\n  dev: { salt: "a1b2c3" }\n  prod: { salt: "d4e5f6" }\n';
const ACCESS = `access: 1
people:
  alice: { keys: ["${KEY('A')}"], roles: [admin] }
  bob: { keys: ["${KEY('B')}"], roles: [developer] }
  carol: { keys: ["${KEY('C')}"], roles: [developer] }
rules:
  - { role: admin, may: [change, change-access] }
  - { role: developer, may: [change], environments: [dev] }
  - { role: developer, may: [change], environments: [prod], paths: ["checkout/**"], approvals: 1 }
`;
const flag = (key: string, dev: string, prod: string) => `flag: ${key}
type: boolean
owner: payments
permanent: true
variations: { on: true, off: false }
off: off
environments:
  dev: { serve: ${dev} }
  prod: { serve: ${prod} }
`;

function load(files: { [path: string]: string }): Definitions {
  const loaded = loadDefinitions(
    Object.entries(files).map(([path, text]) => ({
      path,
      kind: 'file' as const,
      content: new TextEncoder().encode(text),
    })),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.definitions;
}

const before = {
  'project.yaml': PROJECT,
  'access.yaml': ACCESS,
  'checkout/fast.yaml': flag('fast', 'off', 'off'),
  'search/new.yaml': flag('new', 'off', 'off'),
};
const plan = (
  was: typeof before | Omit<typeof before, 'access.yaml'>,
  changed: { [path: string]: string },
): Plan => planOf(load(was), load({ ...was, ...changed }), { nowMs: 0, today: '2026-01-01' });
const lastLines = (made: Plan) => {
  const lines = planLines(reportOf(made));
  return lines.slice(lines.findIndex((line) => line.includes('Who must approve')) + 1);
};

test('a plan ends with who must approve, and where', () => {
  expect(lastLines(plan(before, { 'checkout/fast.yaml': flag('fast', 'off', 'on') }))).toEqual([
    '  change it in prod: alice alone (rule 1, admin); bob or carol with 1 approval (rule 3, developer); approvals may come from alice, bob or carol',
  ]);
});

test('files that others must approve are told apart', () => {
  const changed = {
    'checkout/fast.yaml': flag('fast', 'on', 'on'),
    'search/new.yaml': flag('new', 'off', 'on'),
  };
  expect(lastLines(plan(before, changed))).toEqual([
    '  change it in dev: alice alone (rule 1, admin); bob or carol alone (rule 2, developer) (checkout/fast.yaml)',
    '  change it in prod: alice alone (rule 1, admin); bob or carol with 1 approval (rule 3, developer); approvals may come from alice, bob or carol (checkout/fast.yaml)',
    '  change it in prod: alice alone (rule 1, admin) (search/new.yaml)',
  ]);
});

test('a change is not judged by the policy that it brings', () => {
  const looser = ACCESS.replace('role: admin, may', 'role: developer, may');
  const made = plan(before, { 'access.yaml': looser });
  expect(lastLines(made)).toEqual([
    '  change the access policy in dev and prod: alice alone (rule 1, admin)',
  ]);
});

test('without a policy, and of one environment, a plan says no more than it must', () => {
  const { 'access.yaml': _, ...open } = before;
  expect(plan(open, { 'checkout/fast.yaml': flag('fast', 'on', 'on') }).access).toBeUndefined();
  const made = plan(before, { 'checkout/fast.yaml': flag('fast', 'on', 'on') });
  expect(narrowed(made, 'dev').access?.map(({ environments }) => environments)).toEqual([['dev']]);
});

test('the comment of a pull request says it too, and quotes paths', () => {
  const changed = {
    'checkout/fast.yaml': flag('fast', 'on', 'on'),
    'search/new.yaml': flag('new', 'off', 'on'),
  };
  const markdown = planMarkdown(reportOf(plan(before, changed)));
  expect(markdown).toMatch(
    /\*\*Who must approve\*\*\n\n- change it in dev: alice alone .*`checkout\/fast\.yaml`/,
  );
  expect(markdown.endsWith('(`search/new.yaml`)\n')).toBe(true);
});
