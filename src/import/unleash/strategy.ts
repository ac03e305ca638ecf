// Activation strategies of Unleash: whom each takes, and by which attribute it deals.
import { ticked } from '../../lib/printable.ts';
import { equalsAny, type Logic, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { type JsonObject, member, objectsIn, textMember } from '../read.ts';
import { both, type Guard } from '../steps.ts';
import { guardOf, isBlock } from './constraint.ts';
import { attributeOf, type Scope } from './scope.ts';

export interface Strategy {
  title?: string;
  /** Whom the strategy is for, apart from the share. */
  guard: Guard;
  /** The share that is dealt, in percent from more than 0 to less than 100; absent where everyone is taken. */
  share?: { unit: string; percent: number };
  groupId: string;
  stickiness: string;
  variants: JsonObject[];
}

/** In their order; whom any of them takes is in. Throws Untranslatable with the reason where one cannot be said. */
export function strategiesOf(strategies: readonly JsonObject[], scope: Scope): Strategy[] {
  const active = strategies.filter((strategy) => strategy.disabled !== true);
  if (strategies.length > 0 && active.length === 0) refuse(scope, 'All of its strategies are disabled.');
  // Without strategies a feature is on for everyone.
  return (active.length > 0 ? active : [{ name: 'default' }]).map((strategy) => strategyOf(strategy, scope));
}

function strategyOf(strategy: JsonObject, scope: Scope): Strategy {
  const parameters = (member(strategy, 'parameters') ?? {}) as JsonObject;
  const name = textMember(strategy, 'name') ?? '';
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (!read) refuse(scope, `The strategy ${ticked(name)} is custom: only the app knows what it does.`);
  const { when, share } = read(parameters, scope);
  const guards = [...constraintsOf(strategy, scope), { when }];
  const title = textMember(strategy, 'title');
  const { guard } = { guard: guards.reduce(both, { when: true }) };
  return {
    ...(title && { title }),
    guard,
    ...(share && { share }),
    groupId: String(parameters.groupId ?? ''),
    stickiness: textMember(parameters, 'stickiness') ?? 'default',
    variants: objectsIn(member(strategy, 'variants')),
  };
}

function constraintsOf(strategy: JsonObject, scope: Scope): Guard[] {
  const own = objectsIn(member(strategy, 'constraints')).map((constraint) => guardOf(constraint, scope));
  const ids = member(strategy, 'segments');
  const segments = Array.isArray(ids) ? ids.map((id) => segmentGuard(Number(id), scope)) : [];
  return [...own, ...segments];
}

/** A segment that is a definition is named; one with a time in it is written out. */
function segmentGuard(id: number, scope: Scope): Guard {
  const key = scope.segmentKeys.get(id);
  if (key !== undefined) return { when: { segment: key } };
  const segment = scope.segments.get(id);
  if (!segment?.constraints)
    refuse(
      scope,
      `It uses the segment ${ticked(segment?.name ?? String(id))}, whose constraints are not in the file.`,
    );
  return segment.constraints.map((constraint) => guardOf(constraint, scope)).reduce(both, { when: true });
}

interface Taken {
  when: Logic;
  share?: Strategy['share'];
}

const readers: { readonly [name: string]: ((parameters: JsonObject, scope: Scope) => Taken) | undefined } = {
  default: () => ({ when: true }),
  userWithId: ({ userIds }) => ({ when: equalsAny('targetingKey', listed(userIds)) }),
  remoteAddress: ({ IPs }) => ({ when: addresses(listed(IPs)) }),
  applicationHostname: (_, scope) =>
    refuse(scope, 'It asks for the host on which the app runs, which no context says.'),
  flexibleRollout: ({ rollout, stickiness }, scope) =>
    shareOf(
      Number(rollout),
      typeof stickiness === 'string' && stickiness !== '' ? stickiness : 'default',
      scope,
    ),
  gradualRolloutUserId: ({ percentage }, scope) => shareOf(Number(percentage), 'userId', scope),
  gradualRolloutSessionId: ({ percentage }, scope) => shareOf(Number(percentage), 'sessionId', scope),
  gradualRolloutRandom: ({ percentage }, scope) => shareOf(Number(percentage), 'random', scope),
};

function listed(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? value.split(/\s*,\s*/) : [];
}

/** Blocks of IPv4, and whatever is equal to the letter. */
function addresses(ranges: readonly string[]): Logic {
  const blocks = ranges.filter((range) => isBlock(range) && !range.includes(':'));
  const [first, ...others] = blocks;
  const inBlocks: Logic = first !== undefined && {
    attribute: 'remoteAddress',
    operator: 'in_cidr',
    value: others.length > 0 ? [first, ...others] : first,
  };
  return or(
    inBlocks,
    equalsAny(
      'remoteAddress',
      ranges.filter((range) => !blocks.includes(range)),
    ),
  );
}

/** Unleash deals whole percents. */
function shareOf(rollout: number, stickiness: string, scope: Scope): Taken {
  const percent = Math.floor(rollout);
  if (!(percent > 0)) return { when: false };
  const isSticky = stickiness !== 'default' && stickiness !== 'random';
  const unit = isSticky ? attributeOf(stickiness) : 'targetingKey';
  const when: Logic = { attribute: unit, operator: 'neq', value: '' };
  if (percent >= 100) return { when: isSticky ? when : true };
  noteShare(`${percent} %`, stickiness, unit, scope);
  return { when, share: { unit, percent } };
}

export function noteShare(shares: string, stickiness: string, unit: string, scope: Scope): void {
  const without =
    stickiness === 'default' ? ' Without one nobody is in; Unleash took the session, or chance.' : '';
  const chance =
    stickiness === 'random' ? ' Unleash rolled dice for each evaluation; here a unit stays in or out.' : '';
  note(
    scope,
    're-dealt',
    `The share stays: ${shares}. Which ${ticked(unit)} is in is dealt anew.${without}${chance}`,
  );
}
