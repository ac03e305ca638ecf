// What `isEnabled` gave for a feature of Featurevisor, as a boolean flag.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment, Requirement } from '../../model/definitions.gen.ts';
import { noteUnread } from '../described.ts';
import { and } from '../logic.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { isObject, member } from '../read.ts';
import { percentOf } from '../shares.ts';
import { environmentOf, type Step } from '../steps.ts';
import { segmentsOf } from './condition.ts';
import type { Feature, Rule } from './model.ts';
import { type FeatureContext, forcedSteps, trafficsOf, unitOf, variationKeys } from './shared.ts';

/** Throws Untranslatable with the reason where it cannot be said. */
export function enabledFlag(feature: Feature, context: FeatureContext, place: Noted): FlagDefinition {
  if (!isBucketing(feature.bucketBy)) refuse(place, '`bucketBy` names no attribute.');
  noteUnread(feature.unread, place);
  const requires = feature.required.map((each) => requirementOf(each, context, place));
  let isDealt = false;
  const environments = trafficsOf(feature, context).map(([name, traffic]): [string, FlagEnvironment] => {
    if (traffic.isInGroup) refuse(place, 'It is in a group, whose features exclude each other.');
    if (
      [...traffic.force, ...traffic.rules].some(
        ({ enabled }) => enabled !== undefined && typeof enabled !== 'boolean',
      )
    )
      refuse(place, '`enabled` is neither true nor false.');
    const forced = traffic.force.filter((force) => typeof force.enabled === 'boolean');
    // Featurevisor looks at what is forced before it looks at what is required.
    if (forced.length > 0 && requires.length > 0)
      refuse(place, 'It forces units in that other features would keep out.');
    const steps: Step[] = forcedSteps(traffic, context, place, ({ enabled }) =>
      typeof enabled === 'boolean' ? { serve: enabled ? 'on' : 'off' } : undefined,
    );
    for (const rule of traffic.rules) {
      const rollout = ruleSteps(feature, rule, context, place);
      isDealt ||= rollout.length > 1;
      steps.push(...rollout);
    }
    return [name, environmentOf([...steps, { when: true, then: { serve: 'off' } }], place.what)];
  });
  const unit = isDealt ? unitOf(feature.bucketBy, place) : 'targetingKey';
  return {
    flag: context.keyOf(feature.key),
    ...(feature.description && { description: feature.description }),
    ...(feature.tags.length > 0 && { tags: feature.tags }),
    permanent: true,
    type: 'boolean',
    ...(unit !== 'targetingKey' && { unit }),
    ...(requires.length > 0 && { requires }),
    environments: Object.fromEntries(environments),
  };
}

/** The rule whose segments match decides, also for those who are not in its share. */
function ruleSteps(feature: Feature, rule: Rule, context: FeatureContext, place: Noted): Step[] {
  const when = segmentsOf(rule.segments, context.segments, place);
  const head = { ...(rule.key && { name: rule.key }), when };
  const { percent, exact } = percentOf(rule.percentage);
  if (percent === 0) return [{ ...head, then: { serve: 'off' } }];
  if (rule.enabled !== undefined) return [{ ...head, then: { serve: rule.enabled ? 'on' : 'off' } }];
  if (percent === 100) return [{ ...head, then: { serve: 'on' } }];
  const unit = unitOf(feature.bucketBy, place);
  const rounded = exact ? '' : ' (rounded to hundredths of a percent)';
  note(
    place,
    're-dealt',
    `The share stays: ${percent} %${rounded}. Which ${ticked(unit)} is in is dealt anew; without one nobody is.`,
  );
  const guarded = and(when, { attribute: unit, operator: 'exists', value: true });
  return [
    { ...head, when: guarded, then: { serve: 'on', percent } },
    { when, then: { serve: 'off' } },
  ];
}

function requirementOf(required: JsonValue, context: FeatureContext, place: Noted): Requirement {
  const key = isObject(required) ? String(required.key) : String(required);
  const feature = context.features.get(key);
  if (!feature) refuse(place, `It requires ${ticked(key)}, which is not there.`);
  const value = isObject(required) ? member(required, 'variation') : undefined;
  if (value === undefined) return { flag: context.keyOf(key), variation: 'on' };
  const variation = variationKeys(feature).get(canonical(value));
  if (variation === undefined) refuse(place, `It requires a variation of ${ticked(key)} that is none.`);
  return { flag: context.keyOf(key, 'variation'), variation };
}

/** An attribute, several together, or the first that is there of several. */
function isBucketing(bucketBy: JsonValue): boolean {
  const names = isObject(bucketBy) ? member(bucketBy, 'or') : [bucketBy].flat();
  return Array.isArray(names) && names.every((name) => typeof name === 'string');
}
