// A project as teams write them: segments, targets, rules over several attributes, rollouts and ramps. Nothing in it is wrong.

const COUNTRIES = ['US', 'CA', 'DE', 'FR', 'GB', 'NL', 'SE', 'BR', 'IN', 'JP'];
const TEAMS = ['payments', 'search', 'growth', 'platform', 'mobile'];

const PROJECT = `project: acme/shop
environments:
  dev: { salt: "5f0c1a" }
  staging: { salt: "91be44" }
  prod: { salt: "c07d2e" }
attributes:
  country: { type: string, values: [${COUNTRIES.join(', ')}] }
  plan: { type: string, values: [free, team, pro, enterprise] }
  email: { type: string, personal: true }
  company: { type: string }
  ip: { type: string, personal: true }
  roles: { type: string, list: true, values: [viewer, editor, admin, owner] }
  appVersion: { type: semver }
  signedUpAt: { type: date }
  seats: { type: number }
  beta: { type: boolean }
`;

const SEGMENTS: { [key: string]: string } = {
  staff:
    'include: [alice]\nexclude: [mallory]\nif: { attribute: email, operator: ends_with, value: "@acme.example", ignore_case: true }',
  'beta-testers': 'include: [bob, carol]\nif: { attribute: beta, operator: eq, value: true }',
  paying: 'if: { attribute: plan, operator: in, value: [team, pro, enterprise] }',
  large:
    'if: { or: [{ attribute: seats, operator: gte, value: 100 }, { attribute: plan, operator: eq, value: enterprise }] }',
  europe: 'if: { attribute: country, operator: in, value: [DE, FR, NL, SE, GB] }',
  'north-america': 'if: { attribute: country, operator: in, value: [US, CA] }',
  admins: 'if: { attribute: roles, operator: in, value: [admin, owner] }',
  office: 'if: { attribute: ip, operator: in_cidr, value: [10.0.0.0/8, 192.168.0.0/16, "2001:db8::/32"] }',
  customers: 'if: { and: [{ segment: paying }, { not: { segment: staff } }] }',
  'early-adopters':
    'if: { and: [{ segment: customers }, { or: [{ segment: beta-testers }, { attribute: signedUpAt, operator: before, value: 2024-01-01T00:00:00Z }] }] }',
  modern: 'if: { attribute: appVersion, operator: semver_gte, value: "5.0.0" }',
};

/** Deterministic: the same number gives the same flag. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 97) >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** The files of a project with that many flags, by path, relative to the definitions' folder. */
export function realisticFlags(count: number): { [path: string]: string } {
  const files: { [path: string]: string } = { 'project.yaml': PROJECT };
  for (const [key, body] of Object.entries(SEGMENTS)) {
    files[`segments/${key}.yaml`] = `segment: ${key}\ndescription: ${key}.\nowner: platform\n${body}\n`;
  }
  for (let n = 0; n < count; n++) files[`area-${n % 50}/flag-${n}.yaml`] = flagYaml(n);
  return files;
}

function flagYaml(n: number): string {
  const dice = new Dice(n);
  return `flag: flag-${n}
description: Flag number ${n}.
owner: ${dice.of(TEAMS)}
${dice.below(2) === 0 ? 'permanent: true' : 'expires: 2099-12-31'}
type: boolean
environments:
  dev: { serve: on }
  staging:
    rules:
      - { name: staff, if: { segment: staff }, then: { serve: on } }
    serve: off
  prod:
${dice.below(4) === 0 ? '    targets: { on: [alice, bob], off: [mallory] }\n' : ''}    rules:
${rulesYaml(dice)}
    ${dice.of(['serve: off', 'serve: on\n    percent: 5', 'serve: off'])}
`;
}

/** From the narrow to the wide, as rules are written; no two of them are about the same people. */
function rulesYaml(dice: Dice): string {
  const chosen = RULES.filter(() => dice.below(3) === 0);
  const rules = chosen.length > 0 ? chosen : RULES.slice(0, 2);
  return rules.map((rule) => `      - ${rule(dice)}`).join('\n');
}

const RULES: readonly ((dice: Dice) => string)[] = [
  () => '{ name: staff, if: { or: [{ segment: staff }, { segment: office }] }, then: { serve: on } }',
  (dice) =>
    `{ name: kill old apps, if: { attribute: appVersion, operator: semver_lt, value: "${dice.below(4)}.${dice.below(9)}.0" }, then: { serve: off } }`,
  () => '{ name: testers, if: { segment: beta-testers }, then: { serve: on } }',
  () =>
    '{ name: early adopters, if: { and: [{ segment: early-adopters }, { segment: europe }] }, then: { serve: on } }',
  (dice) =>
    `{ name: one company, if: { attribute: company, operator: starts_with, value: "c-${dice.below(100)}-" }, then: { serve: on } }`,
  (dice) =>
    `{ name: country ramp, if: { and: [{ attribute: country, operator: eq, value: ${dice.of(COUNTRIES)} }, { segment: modern }] }, then: { serve: on, percent: ${dice.below(99)} } }`,
  (dice) =>
    `{ name: later, from: 2098-0${1 + dice.below(9)}-01T00:00:00Z, if: { segment: paying }, then: { serve: on } }`,
  (dice) =>
    `{ name: seats, if: { and: [{ attribute: seats, operator: gt, value: ${10 + dice.below(50)} }, { not: { segment: large } }] }, then: { serve: off } }`,
  (dice) =>
    `{ name: launch, if: { segment: north-america }, then: { serve: on, ramp: [{ at: 2099-01-0${1 + dice.below(8)}T00:00:00Z, percent: 10 }, { at: 2099-02-01T00:00:00Z, percent: 100 }] } }`,
  () =>
    '{ name: split, if: { and: [{ attribute: plan, operator: in, value: [free, team] }, { not: { segment: admins } }] }, then: { rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] } } }',
  () =>
    '{ name: everyone else who is known, if: { attribute: email, operator: exists }, then: { serve: on, percent: 50 } }',
];
