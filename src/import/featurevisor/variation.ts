// What `getVariation` gave for a feature of Featurevisor, as a flag that requires the feature's own.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type {
  FlagDefinition,
  FlagEnvironment,
  Outcome,
  RolloutOutcome,
} from '../../model/definitions.gen.ts';
import { and, exists, type Logic } from '../logic.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { sharesOf } from '../shares.ts';
import { environmentOf, type Step } from '../steps.ts';
import { typeOf, variationsOf } from '../value-type.ts';
import { segmentsOf } from './condition.ts';
import type { Feature, Rule, Traffic } from './model.ts';
import { type FeatureContext, forcedSteps, trafficsOf, unitOf, variationKeys } from './shared.ts';

/** Undefined for a feature without variations. Throws Untranslatable with the reason where it cannot be said. */
export function variationFlag(
  feature: Feature,
  context: FeatureContext,
  place: Noted,
): FlagDefinition | undefined {
  if (feature.variations.length === 0) return undefined;
  const all = [...feature.variations.map(({ value }) => value), feature.disabledVariationValue ?? true];
  if (!all.every(Boolean))
    refuse(place, 'Featurevisor takes a variation of false, 0 or an empty text for none.');
  const keys = variationKeys(feature);
  const values = new Map(feature.variations.map(({ value }) => [canonical(value ?? null), value ?? null]));
  const off = feature.disabledVariationValue;
  if (off !== undefined) values.set(canonical(off), off);
  const traffics = trafficsOf(feature, context).map(([name, traffic]) => {
    return [name, stepsOf(feature, traffic, { keys, context, place })] as const;
  });
  const isDealt = traffics.some(([, steps]) =>
    steps.some(({ then }) => then !== 'nothing' && 'rollout' in then),
  );
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
    // A boolean flag would serve its variation `off` where this one is to give no value.
    type: type === 'boolean' ? 'json' : type,
    variations: variationsOf(values, keys),
    ...(off !== undefined && { off: keys.get(canonical(off)) ?? '' }),
    ...(unit !== 'targetingKey' && { unit }),
    requires: [{ flag: context.keyOf(feature.key), variation: 'on' }],
    environments: Object.fromEntries(
      traffics.map(([name, steps]): [string, FlagEnvironment] => [name, environmentOf(steps, place.what)]),
    ),
  };
}

interface Translation {
  /** Of the variations, by the canonical texts of their values. */
  keys: ReadonlyMap<string, string>;
  context: FeatureContext;
  place: Noted;
}

function stepsOf(feature: Feature, traffic: Traffic, { keys, context, place }: Translation): Step[] {
  const serve = (value: JsonValue | undefined): Outcome | undefined => {
    const isOne = feature.variations.some((variation) => variation.value === value);
    return value !== undefined && isOne ? { serve: keys.get(canonical(value)) ?? '' } : undefined;
  };
  const forcesOn = traffic.force.some(
    ({ enabled, variation }) => enabled === true && serve(variation) === undefined,
  );
  // Nothing falls to `off` here, which is for those for whom the feature is disabled.
  const refuseWhenDisabled = () => {
    if (feature.disabledVariationValue !== undefined)
      refuse(place, 'It has a variation for when it is disabled, and none for some for whom it is enabled.');
  };
  if (forcesOn) refuseWhenDisabled();
  const rules = traffic.rules.flatMap((rule): Step[] => {
    const fixed = serve(rule.variation);
    const isPart = rule.percentage < 100 && !fixed && rule.weights.length > 0;
    if (isPart && (forcesOn || rule.enabled === true))
      refuse(place, 'It enables units beyond the share among which its variations are dealt.');
    const when = segmentsOf(rule.segments, context.segments, place);
    const then = rule.percentage === 0 ? 'nothing' : (fixed ?? splitOf(rule, keys, place));
    if (then === 'nothing' && rule.percentage > 0) refuseWhenDisabled();
    return then === 'nothing' || !('rollout' in then)
      ? [{ when, then }]
      : dealtSteps(feature, when, then, place);
  });
  const forced = forcedSteps(traffic, context, place, ({ variation }) => serve(variation));
  return [...forced, ...rules, { when: true, then: 'nothing' }];
}

/** Without the attribute that it deals by, Featurevisor takes everyone for one unit; here they get no variation. */
function dealtSteps({ bucketBy }: Feature, when: Logic, then: RolloutOutcome, place: Noted): Step[] {
  const unit = unitOf(bucketBy, place);
  const numbers = then.rollout.variations.map(({ key, weight }) => `${key} ${weight} %`).join(', ');
  note(place, 're-dealt', `The weights stay: ${numbers}. Which ${ticked(unit)} gets which is dealt anew.`);
  return [
    { when: and(when, exists(unit)), then },
    { when, then: 'nothing' },
  ];
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
