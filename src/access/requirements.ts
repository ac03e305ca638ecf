// Who may make a change, and who must approve it, before anyone has signed: in data and in words. Pure.
import type { AccessAction } from '../model/definitions.gen.ts';
import type { Policy } from './policy.ts';
import type { Touch } from './touch.ts';
import { countedApprovals, deed, listed } from './words.ts';

/** A rule that decides for some people. */
export interface Way {
  /** Its place in the file, 1 for the first. */
  rule: number;
  role: string;
  /** How many others must approve; 0: they may make the change alone. */
  approvals: number;
  /** Those for whom it is the first that fits, in the order of the file. */
  people: string[];
}

/** What the same rules decide about, in the same environments. */
export interface Requirement {
  action: AccessAction;
  /** In the order of the touches, as are the paths. */
  environments: string[];
  paths: string[];
  /** By rule. Empty: nobody may. */
  ways: Way[];
  /** Whose approvals count: those who may make the change themselves, in the order of the file. */
  approvers: string[];
}

/** Every touch is in exactly one requirement: one for each way in which the policy decides, in the order of the touches. */
export function requirementsOf(policy: Policy, touches: readonly Touch[]): Requirement[] {
  const byRules = Map.groupBy(touches, (touch) => policy.firstRules(touch));
  const requirements = [...byRules.values()].flatMap((alike) => {
    const [first] = alike as [Touch];
    const ways = waysFor(policy, first);
    const approvers = policy.peopleFor(first);
    return placesOf(alike).map((places) => ({ ...places, ways, approvers }));
  });
  const order = new Map(touches.map(({ path, environment }, index) => [`${path}\t${environment}`, index]));
  const rank = ({ paths: [path], environments: [environment] }: Requirement): number =>
    order.get(`${path}\t${environment}`) ?? 0;
  return requirements.sort((a, b) => rank(a) - rank(b));
}

/** `change it in prod: alice alone (rule 1, admin); bob or carol with 1 approval (rule 3, developer); approvals may come from alice, bob or carol`. */
export function requirementInWords({ action, environments, ways, approvers }: Requirement): string {
  const said = ways.map(({ rule, role, approvals, people }) => {
    const how = approvals === 0 ? 'alone' : `with ${countedApprovals(approvals)}`;
    return `${listed(people, 'or')} ${how} (rule ${rule}, ${role})`;
  });
  const what = deed(action, environments);
  if (said.length === 0) return `${what}: nobody may`;
  const whose = ways.some(({ approvals }) => approvals > 0)
    ? `; approvals may come from ${listed(approvers, 'or')}`
    : '';
  return `${what}: ${said.join('; ')}${whose}`;
}

function waysFor(policy: Policy, touch: Touch): Way[] {
  const ways = new Map<number, Way>();
  for (const person of policy.peopleFor(touch)) {
    const decides = policy.ruleFor(person, touch);
    if (!decides) continue;
    const { number, rule } = decides;
    const way = ways.get(number) ?? {
      rule: number,
      role: rule.role,
      approvals: rule.approvals ?? 0,
      people: [],
    };
    way.people.push(person);
    ways.set(number, way);
  }
  return [...ways.values()].sort((a, b) => a.rule - b.rule);
}

/** What is touched where, whoever may. */
export type TouchedPlaces = Pick<Requirement, 'action' | 'environments' | 'paths'>;

/** Paths that are touched in the same environments stand together. */
export function placesOf(touches: readonly Touch[]): TouchedPlaces[] {
  const byFile = Map.groupBy(touches, ({ action, path }) => `${action}\t${path}`);
  const places = new Map<string, TouchedPlaces>();
  for (const ofFile of byFile.values()) {
    const [{ action, path }] = ofFile as [Touch];
    const environments = [...new Set(ofFile.map(({ environment }) => environment))];
    const id = [action, ...environments].join('\t');
    const known = places.get(id);
    if (known) known.paths.push(path);
    else places.set(id, { action, environments, paths: [path] });
  }
  return [...places.values()];
}
