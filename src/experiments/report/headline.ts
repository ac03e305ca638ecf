// The verdict as one sentence, and what must be said in the same breath: guardrails that are harmed, arms that are worse.
import { unreachable } from '../../lib/unreachable.ts';
import type { Analysis, ComparisonResult, GuardrailResult, MetricResult, Verdict } from '../analysis.ts';
import { changeInterval, changeOf, changeText, judged, sizeText } from './change.ts';
import { notComputable } from './notes.ts';
import { whole } from './numbers.ts';
import { foreign, listed, name, type Sentence, say } from './sentence.ts';

/** How a reader is to take it; formats have a colour for each, beside the words. */
export type Tone = 'good' | 'bad' | 'unsure' | 'stop';

export interface Alert {
  tone: Tone;
  sentence: Sentence;
}

export function toneOf({ verdict, guardrails }: Analysis): Tone {
  switch (verdict.kind) {
    case 'broken-split':
      return 'stop';
    case 'better':
      return guardrails.some(isHarmed) ? 'bad' : 'good';
    case 'worse':
      return 'bad';
    default:
      return 'unsure';
  }
}

/** The one sentence that a reader takes away. */
export function headlineOf(analysis: Analysis): Sentence {
  const { verdict, primary } = analysis;
  switch (verdict.kind) {
    case 'broken-split':
      return ['do not read this: the split is broken'];
    case 'no-data':
      return say`nothing to say yet: ${foreign(clause(verdict.why))}`;
    case 'no-plan':
      return say`no verdict without a plan: it has no ${foreign(verdict.missing)}`;
    case 'too-early':
      return tooEarly(verdict, analysis);
    case 'better':
    case 'worse':
      return moved(verdict, primary);
    case 'no-difference':
      return noDifference(primary);
    case 'not-computable':
      return say`${name(primary.metric)} is ${notComputable(verdict.reason)}`;
    default:
      return unreachable(verdict);
  }
}

/** A sentence as the end of another one. */
function clause(text: string): string {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase()).replace(/\.$/, '');
}

function tooEarly(
  { unitsPerArm, plannedPerArm }: Extract<Verdict, { kind: 'too-early' }>,
  { plan, progress, looks }: Analysis,
): Sentence {
  const units =
    plannedPerArm === null
      ? `${whole(unitsPerArm)} ${unitsPerArm === 1 ? 'unit' : 'units'} per arm so far`
      : `${whole(unitsPerArm)} of ${whole(plannedPerArm)} units per arm`;
  if (plannedPerArm !== null && unitsPerArm < plannedPerArm) return [`too early: ${units}`];
  const isPlanned = plannedPerArm !== null || plan.scale === 'time';
  if (plan.sequential && isPlanned && progress.look === null) {
    const when = looks.length === 0 ? 'before the first planned look' : 'between two planned looks';
    return [`too early: ${when}, ${units}`];
  }
  return plan.end === null
    ? [`too early: ${units}`]
    : say`too early: it ends on ${foreign(plan.end)}, ${units}`;
}

function moved(
  { kind, arm }: Extract<Verdict, { kind: 'better' | 'worse' }>,
  { metric, type, direction, arms }: MetricResult,
): Sentence {
  const result = arms.find((each) => each.arm === arm);
  const change = result && changeOf(result, type);
  if (!change) return say`${name(arm)} makes ${name(metric)} ${kind}`;
  const verb = change.estimate < 0 ? 'lowers' : 'raises';
  const isPlain = kind === 'better' && direction === 'increase';
  const judgement = isPlain ? '' : `, which is ${kind}`;
  return say`${name(arm)} ${verb} ${name(metric)} by ${sizeText(change)}${judgement}`;
}

function noDifference({ metric, type, arms }: MetricResult): Sentence {
  const [only, another] = arms;
  const change = only && !another && changeOf(only, type);
  const found = say`no difference was found in ${name(metric)}`;
  if (!change) return another ? say`${found}, in any of ${whole(arms.length)} arms` : found;
  const interval = changeInterval(change);
  const between = interval === '' ? '' : ` (${interval})`;
  return say`${found}: ${name(only.arm)} is at ${changeText(change)}${between}`;
}

/** Verdicts with which no arm is judged yet. Guardrails may be: they need no event of the primary metric. */
export const EARLY: ReadonlySet<Verdict['kind']> = new Set(['too-early', 'no-data', 'no-plan']);

/** What may not be overlooked beside the verdict. None where nothing may be read. */
export function alertsOf({ verdict, guardrails, primary, secondary }: Analysis): Alert[] {
  if (verdict.kind === 'broken-split') return [];
  const harms = guardrails.flatMap(harmed);
  if (EARLY.has(verdict.kind)) return harms;
  return [...harms, ...worsened([primary, ...secondary], verdict), ...unsure(guardrails)];
}

function isHarmed({ verdicts }: GuardrailResult): boolean {
  return verdicts.some(({ verdict }) => verdict === 'harm');
}

function harmed(guardrail: GuardrailResult): Alert[] {
  const { metric, type, arms, verdicts } = guardrail;
  return verdicts
    .filter(({ verdict }) => verdict === 'harm')
    .map(({ arm }) => {
      const result = arms.find((each) => each.arm === arm);
      const change = result && changeOf(result, type);
      const how = change ? `: ${changeText(change)}` : '';
      return { tone: 'bad', sentence: say`${name(arm)} harms the guardrail ${name(metric)}${how}` };
    });
}

/** What is significantly worse, arm by arm, but what the verdict says already. */
function worsened(metrics: readonly MetricResult[], verdict: Verdict): Alert[] {
  const said = (result: ComparisonResult, index: number) =>
    index === 0 && 'arm' in verdict && result.arm === verdict.arm;
  const places = metrics.flatMap((metric, index) =>
    metric.arms
      .filter((result) => !said(result, index) && isWorse(result, metric.type, metric.direction))
      .map(({ arm }) => ({ arm, metric: metric.metric })),
  );
  const arms = Map.groupBy(places, ({ arm }) => arm);
  return Array.from(arms, ([arm, own]) => ({
    tone: 'bad',
    sentence: say`${name(arm)} makes ${listed(own.map(({ metric }) => name(metric)))} worse`,
  }));
}

/** Whether an arm is shown to make the metric worse. */
export function isWorse(
  result: ComparisonResult,
  type: MetricResult['type'],
  direction: MetricResult['direction'],
): boolean {
  const change = changeOf(result, type);
  return result.isSignificant && change !== undefined && judged(change.estimate, direction) === 'worse';
}

function unsure(guardrails: readonly GuardrailResult[]): Alert[] {
  const names = guardrails
    .filter((each) => !isHarmed(each) && each.verdicts.some(({ verdict }) => verdict === 'inconclusive'))
    .map(({ metric }) => name(metric));
  if (names.length === 0) return [];
  const [what, which] = names.length === 1 ? ['the guardrail ', ' is'] : ['the guardrails ', ' are'];
  return [{ tone: 'unsure', sentence: say`${what}${listed(names)}${which} not shown to be safe` }];
}
