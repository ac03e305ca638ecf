// An access policy in its project: somebody can still change it, and the approvals that it asks for can be given.
import { Policy } from '../../access/policy.ts';
import type { AccessAction, AccessDefinition, AccessRule, Person } from '../../model/definitions.gen.ts';
import { problemCodes } from '../../model/problem.ts';
import type { Finding } from '../finding.ts';
import type { ReadFile } from '../read-file.ts';
import type { Report, World } from './world.ts';

export function checkAccess(world: World, report: Report): void {
  const { project, access } = world;
  if (!project || !access || !isSound(access.file)) return;
  const environments = Object.keys(project.environments);
  const { answering, approving } = provable(access.body);
  const locked = lockedFinding(new Policy(access.body), environments, names(answering), names(approving));
  if (locked) report(access.file, locked);
  for (const finding of approvalFindings(access.body, environments, approving)) report(access.file, finding);
}

/** Of a policy with errors, nothing more is said. */
function isSound({ findings }: ReadFile): boolean {
  return findings.every(({ code }) => problemCodes[code].severity === 'warning');
}

type People = readonly [string, Person][];

function names(people: People): ReadonlySet<string> {
  return new Set(people.map(([name]) => name));
}

/** Who can sign or approve, and who can approve, as far as the policy tells: by a key, a trusted key, a forge or a trailer. */
function provable({ people, trust = [], trailers, revoked = [] }: AccessDefinition): {
  answering: People;
  approving: People;
} {
  const worthless = new Set(revoked);
  const isVouched = trust.some(({ key }) => !worthless.has(key));
  const hasKey = ({ keys = [] }: Person) => keys.some((key) => !worthless.has(key));
  const hasAddress = ({ emails = [] }: Person) => emails.length > 0;
  const canApprove = (person: Person) =>
    hasKey(person) ||
    person.github !== undefined ||
    person.gitlab !== undefined ||
    (trailers === 'trusted' && hasAddress(person));
  const all = Object.entries(people);
  return {
    answering: all.filter(([, person]) => canApprove(person) || (isVouched && hasAddress(person))),
    approving: all.filter(([, person]) => canApprove(person)),
  };
}

/** A policy that nobody could ever change again, in one environment at least: a change of it counts for all. */
function lockedFinding(
  policy: Policy,
  environments: readonly string[],
  answering: ReadonlySet<string>,
  approving: ReadonlySet<string>,
): Finding | undefined {
  const locked = environments.find((environment) => {
    const touch = {
      action: 'change-access',
      kind: 'access',
      key: 'access',
      path: 'access.yaml',
      environment,
    } as const;
    const allowed = policy.peopleFor(touch);
    const approvers = allowed.filter((person) => approving.has(person));
    return !allowed.some((person) => {
      const others = approvers.length - (approving.has(person) ? 1 : 0);
      return answering.has(person) && (policy.ruleFor(person, touch)?.rule.approvals ?? 0) <= others;
    });
  });
  if (locked === undefined) return undefined;
  const message = `Nobody could ever change this policy again: nobody who can sign may \`change-access\` in \`${locked}\`, with as many approvals as there are people to give.`;
  const hint =
    'Let a role whose people have keys `change-access` in all environments and without `paths`: the policy counts for all.';
  return { code: 'access-locked', path: ['rules'], on: 'key', message, hint };
}

/** Rules that ask for more approvals than all others together could give, paths aside. */
function approvalFindings(
  policy: AccessDefinition,
  environments: readonly string[],
  approving: People,
): Finding[] {
  const othersFor = memoised(
    (role: string, action: AccessAction, environment: string): number | undefined => {
      const allowed = new Set(rolesAllowed(policy.rules, action, environment));
      const isOne = ([, { roles }]: [string, Person]) => roles.some((each) => allowed.has(each));
      const approvers = names(approving.filter(isOne));
      const holders = Object.entries(policy.people).filter(([, { roles }]) => roles.includes(role));
      const isEach = holders.every(([name]) => approvers.has(name));
      return holders.length === 0 ? undefined : approvers.size - (isEach ? 1 : 0);
    },
  );
  return policy.rules.flatMap(
    ({ role, may, environments: own = environments, approvals = 0 }, i): Finding[] => {
      if (approvals === 0) return [];
      for (const action of may) {
        for (const environment of own) {
          const others = othersFor(role, action, environment);
          if (others === undefined || others >= approvals) continue;
          const message = `Rule ${i + 1} asks for ${counted(approvals, 'approval')}, and in \`${environment}\` there ${others === 1 ? 'is' : 'are'} only ${counted(others, 'other')} to give any.`;
          const hint = 'Ask for fewer, or let more people make the change: only they can approve it.';
          return [{ code: 'too-few-approvers', path: ['rules', i, 'approvals'], message, hint }];
        }
      }
      return [];
    },
  );
}

/** The roles that some rule lets do it there. */
function rolesAllowed(rules: readonly AccessRule[], action: AccessAction, environment: string): string[] {
  const fitting = rules.filter(
    ({ may, environments }) => may.includes(action) && (environments?.includes(environment) ?? true),
  );
  return fitting.map(({ role }) => role);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A function of words, asked once for each of them. */
function memoised<Words extends string[], Answer>(
  ask: (...words: Words) => Answer,
): (...words: Words) => Answer {
  const known = new Map<string, Answer>();
  return (...words) => {
    const id = words.join(' ');
    const answer = known.has(id) ? (known.get(id) as Answer) : ask(...words);
    known.set(id, answer);
    return answer;
  };
}
