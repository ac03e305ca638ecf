// A rule of GO Feature Flag as steps: a variation, percentages, or a progressive rollout.
import { parseInstant } from '../../engine/operands/instant.ts';
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, textMember } from '../read.ts';
import { percentOf, sharesOf } from '../shares.ts';
import { instantText, type Step } from '../steps.ts';
import { conditionOf } from './query.ts';

/** Whether the rule deals units out, so that it needs a key. */
export function isDealt(rule: JsonObject): boolean {
  return isObject(member(rule, 'progressiveRollout')) || Object.keys(percentagesOf(rule)).length > 0;
}

function percentagesOf(rule: JsonObject): JsonObject {
  const percentages = member(rule, 'percentage');
  return isObject(percentages) ? percentages : {};
}

/** Throws Untranslatable with the reason where the rule cannot be said. */
export function ruleSteps(
  rule: JsonObject,
  isDefault: boolean,
  keys: ReadonlyMap<string, string>,
  unit: string,
  place: Noted,
): Step[] {
  const when = isDefault ? true : conditionOf(textMember(rule, 'query') ?? '', place);
  const name = textMember(rule, 'name');
  const head = { ...(name && !isDefault && { name }), when };
  const keyOf = (variation: JsonValue | undefined) => {
    const key = typeof variation === 'string' ? keys.get(variation) : undefined;
    return key ?? refuse(place, `It serves ${JSON.stringify(variation ?? null)}, which is no variation.`);
  };
  const progressive = member(rule, 'progressiveRollout');
  if (isObject(progressive)) return progressiveSteps(progressive, head, keyOf, unit, place);
  const percentages = Object.entries(percentagesOf(rule));
  if (percentages.length === 0) return [{ ...head, then: { serve: keyOf(member(rule, 'variation')) } }];
  // Go has no order of keys: GO Feature Flag sorts them the other way round.
  percentages.sort(([a], [b]) => (a < b ? 1 : -1));
  const weights = percentages.map(([, weight]) =>
    typeof weight === 'number' && weight >= 0 ? weight : Number.NaN,
  );
  if (weights.some(Number.isNaN) || weights.every((weight) => weight === 0))
    refuse(place, 'A percentage is no number.');
  const { percents, exact } = sharesOf(weights);
  const shares = percentages
    .map(([variation], index) => ({ key: keyOf(variation), weight: percents[index] ?? 0 }))
    .filter(({ weight }) => weight > 0);
  const [only, ...others] = shares;
  if (only && others.length === 0) return [{ ...head, then: { serve: only.key } }];
  const numbers = shares.map(({ key, weight }) => `${key} ${weight} %`).join(', ');
  const rounded = exact ? '' : ' (rounded to hundredths of a percent)';
  note(
    place,
    're-dealt',
    `The shares stay: ${numbers}${rounded}. Which ${ticked(unit)} is in which is dealt anew.`,
  );
  return [{ ...head, then: { rollout: { variations: shares } } }];
}

/** From the initial variation to the other one, in a straight line between two dates. */
function progressiveSteps(
  { initial, end }: JsonObject,
  head: Pick<Step, 'name' | 'when'>,
  keyOf: (variation: JsonValue | undefined) => string,
  unit: string,
  place: Noted,
): Step[] {
  if (!isObject(initial) || !isObject(end))
    refuse(place, 'A progressive rollout has no beginning or no end.');
  const [fromMs, untilMs] = [timeOf(member(initial, 'date'), place), timeOf(member(end, 'date'), place)];
  if (untilMs <= fromMs) refuse(place, 'A progressive rollout ends before it begins.');
  const first = percentOf(Number(member(initial, 'percentage') ?? 0)).percent;
  const last = Number(member(end, 'percentage') ?? 0);
  // No percentage, and one over 100, stand for everyone.
  const lastPercent = last === 0 || last > 100 ? 100 : percentOf(last).percent;
  const [from, to] = [keyOf(member(initial, 'variation')), keyOf(member(end, 'variation'))];
  note(
    place,
    're-dealt',
    `The progressive rollout keeps its dates and numbers: ${to} from ${first} % to ${lastPercent} %. Which ${ticked(unit)} is in when is dealt anew.`,
  );
  const ramp = [
    { at: instantText(fromMs), percent: first },
    { at: instantText(untilMs), percent: lastPercent },
  ];
  return [
    { ...head, then: { serve: to, ramp, linear: true } },
    { ...head, then: { serve: from } },
  ];
}

/** Epoch milliseconds of an RFC 3339 text. */
export function timeOf(value: JsonValue | undefined, place: Noted): number {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (!instant)
    refuse(
      place,
      `${JSON.stringify(value ?? null)} is no date: expected RFC 3339, such as "2027-03-31T12:00:00Z".`,
    );
  return Math.round((instant.seconds + instant.fraction) * 1000);
}
