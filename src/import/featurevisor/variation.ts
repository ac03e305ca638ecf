// What `getVariation` gave for a feature of Featurevisor, as a flag that requires the feature's own.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment, Outcome } from '../../model/definitions.gen.ts';
import { and } from '../logic.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { sharesOf } from '../shares.ts';
import { environmentOf } from '../steps.ts';
import { typeOf, variationsOf } from '../value-type.ts';
import { segmentsOf } from './condition.ts';
import type { Feature, Rule } from './model.ts';
import { type FeatureContext, forcedSteps, trafficsOf, unitOf, variationKeys } from './shared.ts';

/** Undefined for a feature without variations. Throws Untranslatable with the reason where it cannot be said. */
export function variationFlag(
  feature: Feature,
  context: FeatureContext,
  place: Noted,
): FlagDefinition | undefined {
  if (feature.variations.length === 0) return undefined;
  const keys = variationKeys(feature);
  const values = new Map(feature.variations.map(({ value }) => [canonical(value ?? null), value ?? null]));
  const off = feature.disabledVariationValue;
  if (off !== undefined) values.set(canonical(off), off);
  let isDealt = false;
  const serve = (value: JsonValue | undefined): Outcome | undefined => {
    const isOne = feature.variations.some((variation) => variation.value === value);
    return value !== undefined && isOne ? { serve: keys.get(canonical(value)) ?? '' } : undefined;
  };
  const environments = trafficsOf(feature, context).map(([name, traffic]): [string, FlagEnvironment] => {
    const steps = forcedSteps(traffic, context, place, ({ variation }) => serve(variation));
    const forcesOn = traffic.force.some(
      ({ enabled, variation }) => enabled === true && serve(variation) === undefined,
    );
    for (const rule of traffic.rules) {
      const isPart = rule.percentage < 100 && serve(rule.variation) === undefined && rule.weights.length > 0;
      if (isPart && (forcesOn || rule.enabled === true))
        refuse(place, 'It enables units beyond the share among which its variations are dealt.');
      const when = segmentsOf(rule.segments, context.segments, place);
      const then = rule.percentage === 0 ? 'nothing' : (serve(rule.variation) ?? splitOf(rule, keys, place));
      // Nothing falls to `off` here, which is for those for whom the feature is disabled.
      if (off !== undefined && (forcesOn || (then === 'nothing' && rule.percentage > 0)))
        refuse(
          place,
          'It has a variation for when it is disabled, and none for some for whom it is enabled.',
        );
      if (then === 'nothing' || !('rollout' in then)) steps.push({ when, then });
      else {
        isDealt = true;
        const unit = unitOf(feature.bucketBy, place);
        note(
          place,
          're-dealt',
          `The weights stay: ${then.rollout.variations.map(({ key, weight }) => `${key} ${weight} %`).join(', ')}. Which ${ticked(unit)} gets which is dealt anew.`,
        );
        steps.push(
          { when: and(when, { attribute: unit, operator: 'exists', value: true }), then },
          { when, then: 'nothing' },
        );
      }
    }
    return [name, environmentOf([...steps, { when: true, then: 'nothing' }], place.what)];
  });
  const unit = isDealt ? unitOf(feature.bucketBy, place) : 'targetingKey';
  const { type } = typeOf([...values.values()]);
  const flag = context.keyOf(feature.key, 'variation');
  note(
    place,
    'renamed',
    `What \`getVariation\` gave is the flag ${ticked(flag)}. Where there was no variation, the app’s own default stands.`,
  );
  return {
    flag,
    description: `The variation of ${context.keyOf(feature.key)}.`,
    permanent: true,
    type: type === 'boolean' ? 'json' : type,
    variations: variationsOf(values, keys),
    ...(off !== undefined && { off: keys.get(canonical(off)) ?? '' }),
    ...(unit !== 'targetingKey' && { unit }),
    requires: [{ flag: context.keyOf(feature.key), variation: 'on' }],
    environments: Object.fromEntries(environments),
  };
}

/** Among those who are in, the variations have the shares of their weights. */
function splitOf(rule: Rule, keys: ReadonlyMap<string, string>, place: Noted): Outcome | 'nothing' {
  const weighted = rule.weights.filter(({ weight }) => weight > 0);
  if (weighted.length === 0) return 'nothing';
  const { percents } = sharesOf(weighted.map(({ weight }) => weight));
  const shares = weighted.map(({ variation }, index) => {
    const key = keys.get(canonical(variation)) ?? refuse(place, 'It deals a variation that is none.');
    return { key, weight: percents[index] ?? 0 };
  });
  const [only, ...others] = shares;
  return only && others.length === 0 ? { serve: only.key } : { rollout: { variations: shares } };
}
