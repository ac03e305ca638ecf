// One feature of Unleash as flags: a boolean one for `isEnabled`, and one of values for `getVariant` where it has variants.
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment, Requirement } from '../../model/definitions.gen.ts';
import { noteUnread } from '../described.ts';
import { keysFor } from '../names.ts';
import { note, refuse } from '../notes.ts';
import { type JsonObject, member, objectsIn } from '../read.ts';
import { environmentOf, type Step } from '../steps.ts';
import { typeOf, variationsOf } from '../value-type.ts';
import type { Dependency, Feature, Toggle } from './file.ts';
import type { Scope } from './scope.ts';
import { type Strategy, strategiesOf } from './strategy.ts';
import { dealtOf, valuesOf } from './variants.ts';

export interface FeatureContext {
  features: ReadonlyMap<string, Feature>;
  /** The flags' keys by the features' names. */
  keys: ReadonlyMap<string, string>;
  /** The keys of the flags for their variants. */
  variantKeys: ReadonlyMap<string, string>;
  /** The file's own name of each environment. */
  toggleNames: ReadonlyMap<string, string>;
}

/** What `isEnabled` gave. Throws Untranslatable with the reason where it cannot be said. */
export function enabledFlag(feature: Feature, context: FeatureContext, scope: Scope): FlagDefinition {
  const units = new Set<string>();
  const groups = new Set<string>();
  const environments: [string, FlagEnvironment][] = togglesOf(feature, context).map(([name, toggle]) => {
    const steps = strategiesOf(toggle.strategies, scope).map((strategy) => {
      if (strategy.share) {
        units.add(strategy.share.unit);
        groups.add(strategy.groupId);
      }
      return stepOf(strategy);
    });
    const enabled = toggle.enabled ? {} : { enabled: false };
    return [
      name,
      { ...enabled, ...environmentOf([...steps, { when: true, then: { serve: 'off' } }], scope.what) },
    ];
  });
  if (groups.size > 1)
    note(
      scope,
      'changed',
      'Its strategies dealt independently of each other; here whoever is in a smaller share is in a larger one too.',
    );
  noteUnread(feature.unread, scope);
  const requires = feature.dependencies.map((dependency) => requirementOf(dependency, context, scope));
  return {
    flag: context.keys.get(feature.name) ?? '',
    ...(feature.description && { description: feature.description }),
    ...(feature.tags.length > 0 && { tags: feature.tags }),
    permanent: true,
    type: 'boolean',
    ...unitOf(units, scope),
    ...(requires.length > 0 && { requires }),
    environments: Object.fromEntries(environments),
  };
}

/** What `getVariant` gave; undefined for a feature without variants. */
export function variantFlag(
  feature: Feature,
  context: FeatureContext,
  scope: Scope,
): FlagDefinition | undefined {
  const toggles = togglesOf(feature, context);
  const all = toggles.flatMap(([, toggle]) => [...toggle.variants, ...ofStrategies(toggle)]);
  if (all.length === 0) return undefined;
  const values = valuesOf(all, scope);
  const keys = keysFor(values.keys());
  const units = new Set<string>();
  const environments = toggles.map(([name, toggle]): [string, FlagEnvironment] => {
    const strategies = strategiesOf(toggle.strategies, { ...scope, notes: new Map() });
    const dealt = dealtOf(strategies, toggle.variants, keys, scope);
    for (const unit of dealt.units) units.add(unit);
    return [name, environmentOf(dealt.steps, scope.what)];
  });
  const flag = context.variantKeys.get(feature.name) ?? '';
  note(
    scope,
    'renamed',
    `What \`getVariant\` gave is the flag ${ticked(flag)}: its value is the payload, or else the variant’s name. Where Unleash gave \`disabled\`, the app’s own default stands.`,
  );
  const { type, mixed } = typeOf([...values.values()]);
  if (mixed)
    note(
      scope,
      'changed',
      'Its payloads are of several types: it is a json flag here, and apps must ask for an object.',
    );
  return {
    flag,
    description: `The variant of ${context.keys.get(feature.name)}.`,
    permanent: true,
    // A boolean flag would serve its variation `off` where this one is to give no value.
    type: type === 'boolean' ? 'json' : type,
    variations: variationsOf(values, keys),
    ...unitOf(units, scope),
    requires: [{ flag: context.keys.get(feature.name) ?? '', variation: 'on' }],
    environments: Object.fromEntries(environments),
  };
}

function togglesOf(feature: Feature, { toggleNames }: FeatureContext): [string, Toggle][] {
  return [...toggleNames].flatMap(([key, name]): [string, Toggle][] => {
    const toggle = feature.toggles.get(name);
    return toggle ? [[key, toggle]] : [];
  });
}

function ofStrategies({ strategies }: Toggle): JsonObject[] {
  const active = strategies.filter((strategy) => strategy.disabled !== true);
  return active.flatMap((strategy) => objectsIn(member(strategy, 'variants')));
}

function stepOf({ title, guard, share }: Strategy): Step {
  return {
    ...guard,
    ...(title && { name: title }),
    then: { serve: 'on', ...(share && { percent: share.percent }) },
  };
}

function unitOf(units: ReadonlySet<string>, scope: Scope): Pick<FlagDefinition, 'unit'> {
  const [unit = 'targetingKey', ...others] = units;
  if (others.length > 0)
    refuse(scope, `It deals by ${[...units].map(ticked).join(' and by ')}, and a flag deals by one.`);
  return unit === 'targetingKey' ? {} : { unit };
}

/** Unleash takes a feature whose parent has parents itself for disabled. */
function requirementOf(
  { feature: name, enabled, variants }: Dependency,
  context: FeatureContext,
  scope: Scope,
): Requirement {
  const parent = context.features.get(name);
  if (!parent) refuse(scope, `It depends on ${ticked(name)}, which is not in the file.`);
  if (parent.dependencies.length > 0)
    refuse(scope, `It depends on ${ticked(name)}, which depends on others itself.`);
  if (!enabled) {
    const isOnEverywhere = togglesOf(parent, context).every(([, toggle]) => toggle.enabled);
    // A disabled flag fulfils no requirement, not even that of being off.
    if (!isOnEverywhere) refuse(scope, `It needs ${ticked(name)} to be off, which is disabled somewhere.`);
    return { flag: context.keys.get(name) ?? '', variation: 'off' };
  }
  const [variant, ...others] = variants;
  if (variant === undefined) return { flag: context.keys.get(name) ?? '', variation: 'on' };
  if (others.length > 0) refuse(scope, `It depends on one of several variants of ${ticked(name)}.`);
  const names = togglesOf(parent, context).flatMap(([, toggle]) => [
    ...toggle.variants,
    ...ofStrategies(toggle),
  ]);
  const variation = keysFor(names.map((each) => String(each.name))).get(variant);
  if (variation === undefined)
    refuse(scope, `It depends on the variant ${ticked(variant)} of ${ticked(name)}, which is none.`);
  return { flag: context.variantKeys.get(name) ?? '', variation };
}
