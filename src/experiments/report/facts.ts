// How far an experiment is, what was planned, and what may come next.
import type { Analysis, GuardrailResult, MetricResult } from '../analysis.ts';
import { isWorse } from './headline.ts';
import { finite, share, whole } from './numbers.ts';
import { foreign, name, type Sentence, say } from './sentence.ts';

/** `page-layout of acme/shop in prod, 2026-11-23 09:00 UTC`. */
export function subjectOf({ experiment, project, environment, at }: Analysis): Sentence {
  return say`${name(experiment)} of ${name(project)} in ${name(environment)}, ${when(at)}`;
}

/** To the minute, in UTC; what is no time stays as it is. */
export function when(at: string): Sentence {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return foreign(at);
  return [`${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`];
}

export function factsOf({ verdict, status, plan, progress, decidedAt }: Analysis): Sentence[] {
  const facts: Sentence[] = [];
  if (status !== 'running')
    facts.push([status === 'draft' ? 'It is a draft: it assigns nobody.' : 'It is stopped.']);
  facts.push([reachedText(plan, progress, verdict.kind !== 'broken-split' && progress.isFinal)]);
  if (decidedAt !== null)
    facts.push(say`Decided by the look of ${when(decidedAt)}: its numbers stand, and are the ones below.`);
  if (!progress.isFinal && (verdict.kind === 'better' || verdict.kind === 'worse'))
    facts.push(['Other arms are not decided yet.']);
  const isTold = decidedAt === null && verdict.kind !== 'broken-split';
  const look = isTold ? lookText(plan, progress, verdict) : undefined;
  if (look !== undefined) facts.push([look]);
  const days = finite(progress.daysLeft);
  // What is broken or stopped gets nowhere by waiting.
  const isOnItsWay = !progress.isFinal && status === 'running' && verdict.kind !== 'broken-split';
  if (isOnItsWay && days !== null && days > 0) {
    const left = days < 1 ? 'Less than a day' : `About ${count(Math.ceil(days), 'day')}`;
    facts.push([`${left} more${untilText(plan)}.`]);
  }
  if (!progress.isFinal && verdict.kind === 'too-early') {
    facts.push(['Not final: whoever stops when the numbers look good finds effects that are not there.']);
  }
  return facts;
}

function untilText({ unitsPerArm, end }: Analysis['plan']): string {
  if (finite(unitsPerArm) === null) return ' until its planned end';
  return `${end === null ? '' : ' until its planned size or end'}, at the traffic of the last seven days`;
}

/** `Final: 8,412 units per arm of 8,400 planned, after 14 days.` */
function reachedText(
  { unitsPerArm, end, minimumEffect }: Analysis['plan'],
  progress: Analysis['progress'],
  isFinal: boolean,
): string {
  const planned = finite(unitsPerArm);
  const size = `${count(progress.unitsPerArm, 'unit')} in the smallest arm`;
  const unplanned = minimumEffect === null ? ', and no size was planned' : ', and no size is planned yet';
  const of = planned === null ? unplanned : ` of ${whole(planned)} planned`;
  const days = progress.firstExposure === null ? '' : `, after ${count(progress.days, 'day')}`;
  const until =
    end === null || progress.isFinal ? '' : `, planned until ${/^[\d-]+$/.test(end) ? end : 'its end'}`;
  return `${isFinal ? 'Final' : 'So far'}: ${size}${of}${days}${until}.`;
}

function lookText(
  { sequential }: Analysis['plan'],
  { look }: Analysis['progress'],
  { kind }: Analysis['verdict'],
): string | undefined {
  if (!sequential) return undefined;
  const { looks, boundary } = sequential;
  if (look === null && kind !== 'too-early') return undefined;
  if (look === null) return `None of ${count(looks, 'planned look')} is due now: no p-value is shown.`;
  return `Look ${whole(look)} of ${whole(looks)}, judged by the ${BOUNDARIES[boundary]} boundary.`;
}

const BOUNDARIES = { pocock: 'Pocock', 'obrien-fleming': "O'Brien-Fleming" } as const;

function count(number: number, thing: string): string {
  const text = Number.isInteger(number) ? whole(number) : number.toFixed(1);
  return `${text} ${thing}${number === 1 ? '' : 's'}`;
}

/** What was planned, as it bears upon the numbers. */
export function planOf({ plan, status, revision }: Analysis): Sentence[] {
  const { alpha, power, minimumEffect, unitsPerArm, end, sequential, cupedDays, recordedAt } = plan;
  const parts = [`alpha ${Number(alpha.toPrecision(6))}`, `power ${Number(power.toPrecision(6))}`];
  const effect = finite(minimumEffect);
  const size = finite(unitsPerArm);
  if (effect !== null) parts.push(`minimum effect ${share(effect)}`);
  if (size !== null) parts.push(`${whole(size)} units per arm`);
  if (sequential) parts.push(`${count(sequential.looks, 'look')} (${BOUNDARIES[sequential.boundary]})`);
  if (cupedDays !== null) parts.push(`CUPED over ${count(cupedDays, 'day')}`);
  const ends = end === null ? [] : say`, until ${foreign(end)}`;
  const recorded = recordedAt === null ? [] : say` The plan stands as it was on ${when(recordedAt)}.`;
  return [say`Planned: ${parts.join(', ')}${ends}.${recorded}`, [`Status ${status}, revision ${revision}.`]];
}

/** The command that would end the experiment, once all arms are decided, and nothing speaks against the better one. */
export function nextOf(analysis: Analysis): string | undefined {
  const { verdict, status, progress, experiment, split } = analysis;
  if (status !== 'running' || split.isBroken || !progress.isFinal) return undefined;
  const isDecided = ['better', 'worse', 'no-difference'].includes(verdict.kind);
  const arm = verdict.kind === 'better' ? verdict.arm : split.arms[0]?.arm;
  if (!isDecided || arm === undefined || !isKey(experiment) || !isKey(arm)) return undefined;
  if (verdict.kind === 'better' && isDoubtful(analysis, arm)) return undefined;
  return `halyard experiment conclude ${experiment} --ship ${arm}`;
}

/** Whether a guardrail is not shown to be safe, or another metric is worse. */
function isDoubtful({ guardrails, secondary }: Analysis, arm: string): boolean {
  const isOwnAndWorse = ({ arms, type, direction }: MetricResult) =>
    arms.some((each) => each.arm === arm && isWorse(each, type, direction));
  return guardrails.some((each) => !isSafeFor(each, arm)) || secondary.some(isOwnAndWorse);
}

function isSafeFor({ verdicts }: GuardrailResult, arm: string): boolean {
  return verdicts.every((each) => each.arm !== arm || each.verdict === 'safe');
}

/** What stands in a command is a key, so that nobody pastes another one. */
function isKey(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,99}$/.test(text);
}
