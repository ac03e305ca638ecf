// What people may do, as a reviewer reads it: who they are, and environment by environment what rules decide.
import { ACTIONS, type EnvironmentPowers, type Power } from '../../access/powers.ts';
import { countedApprovals, listed } from '../../access/words.ts';
import { printable } from '../../lib/printable.ts';
import type { AccessAction } from '../../model/definitions.gen.ts';
import { styled } from '../terminal.ts';
import { originText } from './origin.ts';
import type { PersonReport, PolicyReport } from './person.ts';

export function personLines(report: PersonReport): string[] {
  const { person, name, roles, keys, emails, github, gitlab, policy, environments } = report;
  const many = (title: string, texts: readonly string[]): [string, string][] =>
    texts.map((text, at) => [at === 0 ? title : '', text]);
  const fields: [string, string][] = [
    ...many('roles', [roles.join(', ') || 'none']),
    ...many('keys', keys.length === 0 ? ['none: nothing is signed by them'] : keys.map(keyText)),
    ...many('emails', emails),
    ...many('github', github === undefined ? [] : [github]),
    ...many('gitlab', gitlab === undefined ? [] : [gitlab]),
    ...many('policy', [originText(policy)]),
  ];
  return [
    `${styled('bold', person)}${name === undefined ? '' : `  ${printable(name, 200)}`}`,
    ...fields.map(([title, text]) => `    ${styled('dim', title.padEnd(9))}${printable(text, 500)}`),
    '',
    ...powerTable(environments),
  ];
}

/** Those who have the same roles may do the same, and are told together. */
export function policyLines({ policy: { exists, ...origin }, signatures, people }: PolicyReport): string[] {
  if (!exists)
    return [
      `There is no access policy ${originText(origin)}: everyone who can merge may change everything, and who they are is recorded as it is.`,
    ];
  const groups = Map.groupBy(people, ({ roles }) => [...roles].sort().join(', '));
  const signed =
    signatures === 'required' ? 'Commits must be signed.' : 'Who signed is recorded, and nobody must.';
  return [
    `${styled('bold', 'The policy')} ${originText(origin)}. ${signed}`,
    ...[...groups].flatMap(([roles, alike]) => [
      '',
      `${styled(
        'bold',
        listed(
          alike.map(({ person }) => person),
          'and',
        ),
      )}  ${styled('dim', roles || 'no role')}`,
      ...powerTable(alike[0]?.environments ?? []),
    ]),
  ];
}

function keyText({ fingerprint, revoked }: PersonReport['keys'][number]): string {
  return revoked ? `${fingerprint} (revoked: worth nothing)` : fingerprint;
}

/** Environments in which the same may be done stand together. */
function powerTable(environments: readonly EnvironmentPowers[]): string[] {
  const groups = Map.groupBy(environments, ({ powers }) => JSON.stringify(powers));
  const rows = [...groups.values()].map((alike) => ({
    place: alike.map(({ environment }) => environment).join(', '),
    lines: powersInWords(alike[0]?.powers ?? []),
  }));
  const width = Math.min(24, Math.max(0, ...rows.map(({ place }) => place.length)));
  return rows.flatMap(({ place, lines }) =>
    place.length > width
      ? [`    ${place}`, ...lines.map((line) => `    ${' '.repeat(width)}  ${line}`)]
      : lines.map((line, at) => `    ${(at === 0 ? place : '').padEnd(width)}  ${line}`),
  );
}

/** What is allowed, rule by rule; then what is not. */
export function powersInWords(powers: readonly Power[]): string[] {
  const not = ACTIONS.flatMap((action) => {
    const ofAction = powers.filter((power) => power.action === action);
    if (ofAction.length === 0) return [NOT[action]];
    const isWhole = ofAction.some(({ paths }) => paths === undefined);
    return isWhole ? [] : [OTHERS[action]];
  });
  const words = powers.map((power, at) => powerInWords(power, powers[at - 1]?.action === power.action));
  return [...words, ...(not.length > 0 ? [`may not: ${not.join('; ')}`] : [])];
}

const NOT: Readonly<Record<AccessAction, string>> = {
  change: 'change any file',
  'change-access': 'change the access policy',
  override: 'override any flag',
};
const OTHERS: Readonly<Record<AccessAction, string>> = {
  ...NOT,
  change: 'change other files',
  override: 'override flags of other files',
};

/** `change payments/** with 1 approval, of alice (rule 3, developer)`. */
function powerInWords(power: Power, isAfterOthers: boolean): string {
  const { action, rule, role, approvals, approvers, someApprovers } = power;
  const by = `(rule ${rule}, ${role})`;
  const what = deedOf(power, isAfterOthers ? 'all other' : 'all');
  if (approvals === 0) return `${what} alone ${by}`;
  if (action === 'override')
    return `not ${what}: it would need ${countedApprovals(approvals)}, for which an emergency cannot wait ${by}`;
  const whose = [
    ...(approvers.length > 0 ? [listed(approvers, 'or')] : []),
    ...(someApprovers.length > 0 ? [`for some of them ${listed(someApprovers, 'or')}`] : []),
  ];
  const of = whose.length > 0 ? `, of ${whose.join('; ')}` : ', and nobody may give it';
  return `${what} with ${countedApprovals(approvals)}${of} ${by}`;
}

function deedOf({ action, paths }: Power, all: string): string {
  const files = paths?.map((path) => printable(path, 200)).join(', ');
  switch (action) {
    case 'change':
      return `change ${files ?? `${all} files`}`;
    case 'change-access':
      return 'change the access policy';
    case 'override':
      return files === undefined ? `override ${all} flags` : `override flags of ${files}`;
  }
}
