// One feature of GrowthBook as a flag, with an experiment for each of its rules that has variations.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, Outcome, Requirement } from '../../model/definitions.gen.ts';
import type { Entry } from '../assemble.ts';
import { noteUnread, unread } from '../described.ts';
import { and, type Logic } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, objectsIn, textMember } from '../read.ts';
import { percentOf } from '../shares.ts';
import { environmentOf, outcomesOf, type Step } from '../steps.ts';
import { typeOf, variationsOf } from '../value-type.ts';
import { attributeOf } from './attribute.ts';
import { conditionOf } from './condition.ts';
import { type ExperimentNames, experimentOf, lengthOf } from './experiments.ts';
import { type Features, requirementOf } from './requirement.ts';
import type { Scope } from './scope.ts';
import type { Variations } from './variations.ts';

export interface FeatureContext extends Features {
  environments: readonly string[];
  experiments: ExperimentNames;
}

const READ = new Set(['defaultValue', 'rules']);

/** The flag and its experiments. Throws Untranslatable with the reason where they cannot be said. */
export function featureEntries(
  name: string,
  feature: JsonValue,
  context: FeatureContext,
  scope: Scope,
): Entry[] {
  const variations = context.variations.get(name);
  if (!isObject(feature) || !variations) refuse(scope, 'It is no object.');
  if (variations.values.size === 0) refuse(scope, 'It has no value but null.');
  noteUnread(unread(feature, READ), scope);
  const reading = new FeatureReading(name, variations, context, scope);
  for (const rule of objectsIn(member(feature, 'rules'))) reading.take(rule);
  return reading.entries(member(feature, 'defaultValue') ?? null);
}

/** The steps of a feature's rules, and what they need beside. */
class FeatureReading {
  readonly #name: string;
  readonly #values: ReadonlyMap<string, JsonValue>;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #context: FeatureContext;
  readonly #scope: Scope;
  readonly #steps: Step[] = [];
  readonly #requires: Requirement[] = [];
  readonly #units = new Set<string>();
  readonly #seeds = new Set<string>();
  readonly #experiments: Entry[] = [];

  constructor(name: string, { values, keys }: Variations, context: FeatureContext, scope: Scope) {
    this.#name = name;
    this.#values = values;
    this.#keys = keys;
    this.#context = context;
    this.#scope = scope;
  }

  take(rule: JsonObject): void {
    if (this.#isGate(rule)) return;
    const [variations, unit] = [member(rule, 'variations'), member(rule, 'hashAttribute')];
    if (variations !== undefined && !Array.isArray(variations))
      refuse(this.#scope, 'The variations of a rule are no list.');
    if (unit !== undefined && typeof unit !== 'string')
      refuse(this.#scope, 'The attribute that a rule hashes has no name.');
    if (Object.hasOwn(rule, 'contextualVariations')) refuse(this.#scope, 'A rule is a contextual bandit.');
    const condition = member(rule, 'condition');
    const when = condition === undefined ? true : conditionOf(condition, this.#scope);
    if (Object.hasOwn(rule, 'force')) this.#force(rule, when);
    else if (Array.isArray(rule.variations)) this.#experiment(rule, rule.variations, when);
  }

  entries(fallback: JsonValue): Entry[] {
    const [unit = 'targetingKey', ...others] = this.#units;
    const scope = this.#scope;
    if (others.length > 0) refuse(scope, `It rolls out by ${[...this.#units].map(ticked).join(' and by ')}.`);
    if (this.#seeds.size > 1)
      note(
        scope,
        'changed',
        'Its shares were dealt independently of each other; here whoever is in a smaller share is in a larger one too.',
      );
    const { type, mixed } = typeOf([...this.#values.values()]);
    if (mixed)
      note(
        scope,
        'changed',
        'Its values are of several types: it is a json flag here, and apps must ask for an object.',
      );
    const environment = environmentOf(
      [...this.#steps, { when: true, then: this.#serve(fallback) }],
      scope.what,
    );
    const used = new Set(outcomesOf(environment).map((each) => 'experiment' in each && each.experiment));
    const experiments = this.#experiments.filter(
      ({ kind, value }) => kind === 'experiment' && used.has(value.experiment),
    );
    if (experiments.length < this.#experiments.length)
      note(
        scope,
        'ignored',
        'An experiment comes after a rule that takes everyone, so that nobody is in it.',
      );
    const key = this.#context.keys.get(this.#name) ?? '';
    const value: FlagDefinition = {
      flag: key,
      permanent: true,
      type,
      variations: variationsOf(this.#values, this.#keys),
      ...(unit !== 'targetingKey' && { unit }),
      ...(this.#requires.length > 0 && { requires: this.#requires }),
      environments: Object.fromEntries(this.#context.environments.map((name) => [name, environment])),
    };
    return [{ what: scope.what, name: this.#name, kind: 'flag', value }, ...experiments];
  }

  #serve(value: JsonValue): Outcome | 'nothing' {
    const serve = this.#keys.get(canonical(value));
    return serve === undefined ? 'nothing' : { serve };
  }

  /** A rule that a feature's prerequisite stands in: without it nobody gets a value. */
  #isGate(rule: JsonObject): boolean {
    const parents = objectsIn(member(rule, 'parentConditions'));
    if (parents.some(({ gate }) => gate !== true))
      refuse(this.#scope, 'A rule depends on another feature, and only a whole flag can require one.');
    if (parents.length > 0 && this.#steps.length > 0)
      refuse(this.#scope, 'A prerequisite comes after another rule.');
    for (const parent of parents) this.#requires.push(requirementOf(parent, this.#context, this.#scope));
    return parents.length > 0 && !Object.hasOwn(rule, 'force') && !Array.isArray(rule.variations);
  }

  #force(rule: JsonObject, when: Logic): void {
    const then = this.#serve(member(rule, 'force') ?? null);
    const [range, coverage] = [member(rule, 'range'), member(rule, 'coverage')];
    if (member(rule, 'filters') !== undefined) refuse(this.#scope, 'A rollout has a namespace.');
    const name = textMember(rule, 'name');
    const named = { ...(name && { name }) };
    if (range === undefined && coverage === undefined) {
      this.#steps.push({ ...named, when, then });
      return;
    }
    const share = percentOf(100 * (range === undefined ? Number(coverage) : lengthOf(range)));
    const unit = attributeOf(textMember(rule, 'hashAttribute') ?? 'id');
    const guarded = and(when, { attribute: unit, operator: 'neq', value: '' });
    if (share.percent === 100) {
      this.#steps.push({ ...named, when: guarded, then });
      return;
    }
    if (share.percent === 0) return;
    if (then === 'nothing' || !('serve' in then)) refuse(this.#scope, 'A share of the units gets null.');
    this.#units.add(unit);
    this.#seeds.add(textMember(rule, 'seed') ?? this.#name);
    this.#steps.push({ ...named, when: guarded, then: { ...then, percent: share.percent } });
    const rounded = share.exact ? '' : ' (rounded)';
    note(
      this.#scope,
      're-dealt',
      `The share stays: ${share.percent} %${rounded}. Which ${ticked(unit)} is in is dealt anew.`,
    );
  }

  #experiment(rule: JsonObject, variations: readonly JsonValue[], when: Logic): void {
    // GrowthBook puts nobody into an experiment of one variation.
    if (variations.length < 2) return;
    const arms = variations.map((value) => this.#keys.get(canonical(value)));
    if (arms.includes(undefined)) refuse(this.#scope, 'An arm of an experiment is null.');
    const [key, name] = [this.#context.experiments.keyOf(rule), textMember(rule, 'key') ?? this.#name];
    const place = {
      key,
      flag: this.#context.keys.get(this.#name) ?? '',
      environments: this.#context.environments,
      isShared: this.#context.experiments.isShared(name),
    };
    const value = experimentOf(rule, arms as string[], place, this.#scope);
    if (!value) return;
    this.#experiments.push({
      what: `${this.#scope.what}.experiments.${name}`,
      name,
      kind: 'experiment',
      value,
    });
    const unit = value.unit ?? 'targetingKey';
    const guarded = and(when, { attribute: unit, operator: 'neq', value: '' });
    this.#steps.push({ when: guarded, then: { experiment: key } });
  }
}
