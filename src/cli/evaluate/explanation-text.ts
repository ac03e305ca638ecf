// An explanation as people read it: a line for each step, conditions indented below their rule.
import { BUCKETS } from '../../engine/bucket.ts';
import type { Explanation, SegmentExplanation, Step, WindowExplanation } from '../../engine/explain.ts';
import type { ConditionExplanation } from '../../engine/explain-condition.ts';
import type { BucketExplanation, OutcomeExplanation, RampExplanation } from '../../engine/explain-outcome.ts';
import type { Found } from '../../engine/found.ts';
import type { JsonValue } from '../../lib/json.ts';
import { printable } from '../../lib/printable.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { styled } from '../terminal.ts';

export function explanationLines({ steps, segments }: Explanation): string[] {
  const shown = Object.entries(segments).flatMap(([key, segment]) => ['', ...segmentLines(key, segment)]);
  return [...steps.flatMap(stepLines), ...shown];
}

function stepLines(step: Step): string[] {
  switch (step.step) {
    case 'override':
      return [`override until ${step.until}: ${step.stands ? 'stands' : 'has ended'}`];
    case 'enabled':
      return [`enabled: ${mark(step.enabled)}`];
    case 'requirement': {
      const got = step.got
        ? `gives ${step.got.variation ?? 'no value'} (${step.got.reason})`
        : 'does not exist';
      return [`requires ${step.flag} = ${step.variation}: ${mark(step.met)}, it ${got}`];
    }
    case 'targets':
      return [`targets: ${step.variation ? `give ${step.variation}` : mark(false)}, ${found(step.unit)}`];
    case 'rule': {
      const name = `rule "${printable(step.rule)}"`;
      const window = step.window ? [windowLine(step.window)] : [];
      const condition = step.condition ? conditionLines(step.condition, 1) : [];
      return [
        `${name}: ${mark(step.holds)}${step.outcome ? `, ${outcomeText(step.outcome)}` : ''}`,
        ...window,
        ...condition,
      ];
    }
    case 'fallthrough':
      return [`fallthrough: ${outcomeText(step.outcome)}`];
    default:
      return unreachable(step);
  }
}

function segmentLines(key: string, { holds, ground, unit, condition }: SegmentExplanation): string[] {
  if (ground === undefined) return [`segment ${key}: ${mark(false)}, there is no such segment`];
  const decided = {
    exclude: 'excluded',
    include: 'included',
    if: 'by its condition',
    none: 'neither included nor a condition',
  }[ground];
  const who = unit && ground !== 'if' ? `, ${found(unit)}` : '';
  return [
    `segment ${key}: ${mark(holds)}, ${decided}${who}`,
    ...(condition ? conditionLines(condition, 1) : []),
  ];
}

function windowLine({ from, until, open }: WindowExplanation): string {
  const bounds = [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ];
  return marked(open, bounds.join(' '), 1);
}

/** A line that begins with yes or no. */
function marked(holds: boolean, text: string, depth: number): string {
  return `${'  '.repeat(depth)}${mark(holds)}${holds ? '' : ' '}  ${text}`;
}

function conditionLines(condition: ConditionExplanation, depth: number): string[] {
  const line = (text: string) => marked(condition.holds, text, depth);
  const below = (children: readonly ConditionExplanation[]) =>
    children.flatMap((child) => conditionLines(child, depth + 1));
  if ('segment' in condition) return [line(`segment ${condition.segment}`)];
  if ('not' in condition) return [line('not'), ...below([condition.not])];
  if ('and' in condition) return [line('and'), ...below(condition.and)];
  if ('or' in condition) return [line('or'), ...below(condition.or)];
  const { attribute, operator, value, ignore_case, found: is } = condition;
  const compared = value === undefined ? '' : ` ${shown(value)}`;
  const fold = ignore_case ? ' ignoring case' : '';
  const actual = is === undefined ? 'it is missing' : `it is ${shown(is)}`;
  return [line(`${printable(attribute)} ${operator}${compared}${fold}  ${styled('dim', actual)}`)];
}

function outcomeText(outcome: OutcomeExplanation): string {
  const gives = outcome.gives === undefined ? 'does not take the unit' : `gives ${outcome.gives}`;
  switch (outcome.kind) {
    case 'serve':
      return outcome.gives === undefined ? 'gives no value' : gives;
    case 'ramp':
      return `${gives} (${rampText(outcome)}; ${bucketText(outcome)})`;
    case 'percent':
    case 'rollout':
      return `${gives} (${bucketText(outcome)})`;
    case 'experiment': {
      if (!outcome.running) return `the experiment ${outcome.experiment} is not running here`;
      const arms = outcome.gives === undefined ? '' : `; arms: ${bucketText(outcome.arms)}`;
      return `experiment ${outcome.experiment} ${gives} (traffic: ${bucketText(outcome.inclusion)}${arms})`;
    }
    default:
      return unreachable(outcome);
  }
}

function rampText({ percent, linear, step, next }: RampExplanation): string {
  if (next === undefined) return `${percent}% since ${step?.at ?? 'ever'}`;
  if (step === undefined) return `${percent}% until ${next.at}, then ${next.percent}%`;
  if (linear) return `${percent}% on the way to ${next.percent}% at ${next.at}`;
  return `${percent}% since ${step.at}, ${next.percent}% from ${next.at}`;
}

function bucketText({ name, unit, bucket, fixed, ranges }: BucketExplanation): string {
  if (bucket === undefined) return `no bucket, ${found(unit)}`;
  // There is no such bucket: a test keeps the unit out.
  if (bucket >= BUCKETS) return 'kept out (fixed)';
  const spans = ranges.map(
    ({ from, to, variation }) => `${variation ? `${variation} ` : ''}[${from}, ${to})`,
  );
  const number = fixed ? `${bucket} (fixed)` : bucket;
  return `bucket ${number} of ${name}, ${spans.join(' ')}`;
}

function found({ attribute, value }: Found): string {
  return value === undefined
    ? `${printable(attribute)} is missing`
    : `${printable(attribute)} is ${shown(value)}`;
}

function shown(value: JsonValue): string {
  return printable(JSON.stringify(value), 300);
}

function mark(holds: boolean): string {
  return holds ? styled('green', 'yes') : styled('yellow', 'no');
}
