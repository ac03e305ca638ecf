// The normal form: a definition as one environment needs it, so that two ways to write the same thing are one body.
import type { JsonValue } from '../lib/json.ts';
import type {
  AttributeDeclaration,
  Condition,
  ExperimentDefinition,
  FlagDefinition,
  FlagEnvironment,
  ProjectDefinition,
  Rule,
  SegmentDefinition,
} from '../model/definitions.gen.ts';
import type { ExperimentBody, FlagBody, ProjectBody, SegmentBody } from '../model/snapshot.ts';
import { fallthroughOf, offOf, variationsOf } from './checks/walk.ts';

export const DEFAULT_UNIT = 'targetingKey';

/** An environment that the flag does not name is disabled. */
export function flagBody(flag: FlagDefinition, environment: string): FlagBody {
  const variations = variationsOf(flag) as { [name: string]: JsonValue };
  const off = offOf(flag);
  const here = Object.hasOwn(flag.environments, environment) ? flag.environments[environment] : undefined;
  const fallthrough = (here && fallthroughOf(here)) ?? (off === undefined ? undefined : { serve: off });
  return {
    type: flag.type,
    ...present({ description: flag.description, owner: flag.owner, expires: flag.expires, off }),
    variations,
    unit: flag.unit ?? DEFAULT_UNIT,
    ...(flag.requires?.length && { requires: flag.requires }),
    enabled: here !== undefined && here.enabled !== false,
    ...targetsOf(here),
    ...(here?.rules?.length && { rules: here.rules.map(ruleOf) }),
    ...(fallthrough && { fallthrough }),
  };
}

export function segmentBody(segment: SegmentDefinition): SegmentBody {
  return {
    unit: segment.unit ?? DEFAULT_UNIT,
    ...(segment.include?.length && { include: segment.include.map(String) }),
    ...(segment.exclude?.length && { exclude: segment.exclude.map(String) }),
    ...(segment.if && { if: conditionOf(segment.if) }),
  };
}

export function experimentBody(experiment: ExperimentDefinition): ExperimentBody {
  const { flag, status, traffic, layer, slot, arms, unit = DEFAULT_UNIT, exposures = 'first' } = experiment;
  return { flag, status, ...present({ traffic, layer, slot }), arms, unit, exposures };
}

export function projectBody({ attributes }: ProjectDefinition, salt: string): ProjectBody {
  if (!attributes) return { salt };
  const entries = Object.entries(attributes).map(([name, declaration]) => [name, declarationOf(declaration)]);
  return { salt, attributes: Object.fromEntries(entries) as { [name: string]: AttributeDeclaration } };
}

function declarationOf({ list, personal, ...rest }: AttributeDeclaration): AttributeDeclaration {
  return { ...rest, ...(list && { list }), ...(personal && { personal }) };
}

function targetsOf(here: FlagEnvironment | undefined): Pick<FlagBody, 'targets'> {
  const filled = Object.entries(here?.targets ?? {}).filter(([, units]) => units.length > 0);
  if (filled.length === 0) return {};
  return { targets: Object.fromEntries(filled.map(([variation, units]) => [variation, units.map(String)])) };
}

function ruleOf(rule: Rule): Rule {
  return rule.if ? { ...rule, if: conditionOf(rule.if) } : rule;
}

/** `exists` without a value asks for presence; `ignore_case: false` says nothing. */
function conditionOf(condition: Condition): Condition {
  if ('and' in condition) return { and: condition.and.map(conditionOf) };
  if ('or' in condition) return { or: condition.or.map(conditionOf) };
  if ('not' in condition) return { not: conditionOf(condition.not) };
  if ('segment' in condition) return condition;
  const { ignore_case, ...test } = condition;
  const value = test.value ?? (test.operator === 'exists' ? true : undefined);
  return { ...test, ...(value !== undefined && { value }), ...(ignore_case && { ignore_case }) };
}

/** Leaves out what is undefined. */
function present<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
