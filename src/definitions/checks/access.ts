// What an access policy's own file can tell: whose keys and addresses it gives twice, and rules that can be read and decide.
import { patternFault } from '../../access/path-pattern.ts';
import { folded } from '../../access/policy.ts';
import { ticked } from '../../lib/printable.ts';
import type { AccessDefinition, AccessRule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { nearest } from '../suggest.ts';

export function accessFindings(policy: AccessDefinition): Finding[] {
  return [
    ...sharedIdentities(policy),
    ...patternFindings(policy.rules),
    ...roleFindings(policy),
    ...unprovablePeople(policy),
    ...uncheckableKeys(policy),
    ...unreachableRules(policy.rules),
    ...weakRules(policy.rules),
  ];
}

/** Something by which one person is known. `says` begins a sentence; addresses are personal, and not quoted. */
interface Identity {
  id: string;
  says: string;
  path: Path;
  owner: string;
}

function* identitiesOf({ people, trust = [] }: AccessDefinition): Generator<Identity> {
  for (const [owner, { keys = [], emails = [], github, gitlab }] of Object.entries(people)) {
    const path = ['people', owner];
    for (const [i, key] of keys.entries())
      yield { id: `key ${key}`, says: `The key ${ticked(key)}`, path: [...path, 'keys', i], owner };
    for (const [i, mail] of emails.entries())
      yield { id: `mail ${folded(mail)}`, says: 'This address', path: [...path, 'emails', i], owner };
    for (const [forge, login] of Object.entries({ github, gitlab })) {
      if (login === undefined) continue;
      const id = `${forge} ${folded(login)}`;
      yield { id, says: `The login ${ticked(login)}`, path: [...path, forge], owner };
    }
  }
  for (const [i, { key }] of trust.entries())
    yield { id: `key ${key}`, says: `The key ${ticked(key)}`, path: ['trust', i, 'key'], owner: '' };
}

function sharedIdentities(policy: AccessDefinition): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { id, says, path, owner } of identitiesOf(policy)) {
    const first = owners.get(id);
    if (first === undefined) owners.set(id, owner);
    else if (first !== owner) {
      const other = owner === '' ? `, so it cannot vouch for others` : '';
      const message = `${says} is that of ${ticked(first)} already${other}.`;
      const hint = 'Keep it with the one whose it is: a change must not have two authors to choose from.';
      findings.push({ code: 'shared-identity', path, message, hint });
    }
  }
  return findings;
}

function patternFindings(rules: readonly AccessRule[]): Finding[] {
  return rules.flatMap(({ paths = [] }, i) =>
    paths.flatMap((pattern, j): Finding[] => {
      const fault = patternFault(pattern);
      if (fault === undefined) return [];
      const message = `The pattern ${ticked(pattern)} ${fault}.`;
      const hint = 'Write `checkout/**` for all in a folder, `checkout/*.yaml` for files right in it.';
      return [{ code: 'invalid-path-pattern', path: ['rules', i, 'paths', j], message, hint }];
    }),
  );
}

/** Has no rule, and needs none. */
const VIEWER = 'viewer';

function roleFindings({ people, rules }: AccessDefinition): Finding[] {
  const held = new Set(Object.values(people).flatMap(({ roles }) => roles));
  const ruled = new Set(rules.map(({ role }) => role));
  const findings: Finding[] = [];
  for (const [i, { role }] of rules.entries()) {
    if (held.has(role)) continue;
    const message = `Nobody has the role ${ticked(role)}, so the rule lets nobody do anything.`;
    const hint = hintFor(role, held, 'Give it to someone, or remove the rule.');
    findings.push({ code: 'role-of-nobody', path: ['rules', i, 'role'], message, hint });
  }
  for (const [person, { roles }] of Object.entries(people)) {
    for (const [i, role] of roles.entries()) {
      if (ruled.has(role) || role === VIEWER) continue;
      const message = `No rule is about the role ${ticked(role)}, so it lets nobody do anything.`;
      const hint = hintFor(role, ruled, 'Add a rule for it, or call it `viewer`.');
      findings.push({ code: 'role-without-rule', path: ['people', person, 'roles', i], message, hint });
    }
  }
  return findings;
}

function hintFor(role: string, roles: ReadonlySet<string>, otherwise: string): string {
  const near = nearest(role, roles);
  return near === undefined ? otherwise : `Did you mean ${ticked(near)}?`;
}

/** People of whom some rule speaks, and whom nothing could ever be traced back to. */
function unprovablePeople({ people, rules, trust = [] }: AccessDefinition): Finding[] {
  const ruled = new Set(rules.map(({ role }) => role));
  return Object.entries(people).flatMap(([person, { roles, keys = [], emails = [], github, gitlab }]) => {
    const isKnown = keys.length > 0 || (trust.length > 0 && emails.length > 0);
    if (isKnown || github !== undefined || gitlab !== undefined || !roles.some((role) => ruled.has(role)))
      return [];
    const message = `${ticked(person)} has no key, so nothing can be signed or approved in that name.`;
    const hint = `Add \`keys:\` with what \`ssh-keygen -lf ~/.ssh/id_ed25519.pub\` prints, from SHA256: on.`;
    return [{ code: 'person-without-key' as const, path: ['people', person], message, hint }];
  });
}

function uncheckableKeys({ people, trust = [], openpgp = [] }: AccessDefinition): Finding[] {
  if (openpgp.length > 0) return [];
  const keys = Object.entries(people).flatMap(([person, { keys: own = [] }]) =>
    own.map((key, i) => ({ key, path: ['people', person, 'keys', i] })),
  );
  const all = [...keys, ...trust.map(({ key }, i) => ({ key, path: ['trust', i, 'key'] }))];
  return all.flatMap(({ key, path }) => {
    if (key.startsWith('SHA256:')) return [];
    const message = `${ticked(key)} is an OpenPGP key's fingerprint, and there is no public key to verify with.`;
    const hint = 'Add what `gpg --armor --export` prints for it to `openpgp:`.';
    return [{ code: 'openpgp-key-missing' as const, path, message, hint }];
  });
}

/** Rules before which another rule of the same role fits all that they fit. */
function unreachableRules(rules: readonly AccessRule[]): Finding[] {
  const earlier = new Map<string, { number: number; rule: AccessRule }[]>();
  return rules.flatMap((rule, i): Finding[] => {
    const before = earlier.get(rule.role) ?? [];
    const taker = before.find((other) => fitsAllOf(other.rule, rule));
    before.push({ number: i + 1, rule });
    earlier.set(rule.role, before);
    if (!taker) return [];
    const message = `Rule ${i + 1} never decides: rule ${taker.number} fits all that it fits, for the same role.`;
    const hint = 'Put the narrower rule first, or remove one of the two.';
    return [{ code: 'access-rule-unreachable', path: ['rules', i], message, hint }];
  });
}

function fitsAllOf(wide: AccessRule, narrow: AccessRule): boolean {
  return (
    narrow.may.every((action) => wide.may.includes(action)) &&
    holdsAll(wide.environments, narrow.environments) &&
    (wide.paths?.includes('**') || holdsAll(wide.paths, narrow.paths))
  );
}

/** A list that is left out holds everything. */
function holdsAll(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  return wide === undefined || (narrow?.every((item) => wide.includes(item)) ?? false);
}

/** Who may change the policy alone needs nobody's approval for anything, two commits later. */
function weakRules(rules: readonly AccessRule[]): Finding[] {
  const strictest = new Map<string, number>();
  for (const { role, may, approvals = 0 } of rules) {
    if (may.includes('change')) strictest.set(role, Math.max(approvals, strictest.get(role) ?? 0));
  }
  return rules.flatMap(({ role, may, approvals = 0 }, i): Finding[] => {
    const others = strictest.get(role) ?? 0;
    if (!may.includes('change-access') || approvals >= others) return [];
    const message = `Whoever has the role ${ticked(role)} may change this policy with ${approvals} approvals, and so do without the ${others} that another rule asks for.`;
    const hint = `Ask for \`approvals: ${others}\` here too.`;
    return [{ code: 'weak-access-rule', path: ['rules', i], message, hint }];
  });
}
