// What keeps an experiment that runs from ever saying whether the change helped, and metrics that measure something else than they seem to.
import { ticked } from '../../lib/printable.ts';
import type { ExperimentDefinition, MetricDefinition } from '../../model/definitions.gen.ts';
import type { Finding } from '../finding.ts';

/** Of a draft nothing is asked yet, and of a stopped one no more. */
export function measuringFindings(experiment: ExperimentDefinition): Finding[] {
  const { status, analysis, metrics } = experiment;
  const large = relativeFinding(analysis?.minimumEffect, ['analysis', 'minimumEffect'], 'The minimum effect');
  if (status !== 'running') return large;
  return [...large, ...planFindings(experiment), ...nobodyFindings(experiment), ...repeatedMetrics(metrics)];
}

/** What a result needs besides units: a hypothesis, a metric that decides, and a size at which it is final. */
function planFindings({ hypothesis, metrics, analysis, end }: ExperimentDefinition): Finding[] {
  const findings: Finding[] = [];
  const path = ['status'];
  if (!hypothesis?.trim()) {
    const message = 'The experiment is running, and does not say what it expects to see.';
    const hint = 'Add `hypothesis:` with a sentence: what is said before the result is known counts.';
    findings.push({ code: 'experiment-without-hypothesis', path, message, hint });
  }
  if (!metrics) {
    const message = 'The experiment is running, and no metric decides whether the change helped.';
    const hint = 'Add `metrics: { primary: … }`, or serve a `rollout` where nothing is to be measured.';
    findings.push({ code: 'experiment-without-primary', path, message, hint });
  } else if (analysis?.minimumEffect === undefined && end === undefined) {
    const message = 'The experiment is running, and nothing says how many units its result needs.';
    const hint =
      'Add `analysis: { minimumEffect: 0.05 }` for 5 % of the baseline; `halyard power` shows how many units that takes.';
    findings.push({ code: 'experiment-without-size', path, message, hint });
  }
  const { alpha = 0.05, power = 0.8, minimumEffect } = analysis ?? {};
  if (minimumEffect !== undefined && power <= alpha) {
    const message = `The power ${power} is not above alpha, ${alpha}, so no number of units can be said.`;
    const hint = 'Write the usual ones, `alpha: 0.05` and `power: 0.8`, or leave both out.';
    findings.push({ code: 'experiment-without-size', path: ['analysis'], message, hint });
  }
  return findings;
}

/** Arms that no unit gets, and units that nobody hears of. */
function nobodyFindings({ arms, traffic, slot, exposures, metrics }: ExperimentDefinition): Finding[] {
  const findings: Finding[] = [];
  const compared = new Set(arms.filter(({ weight }) => weight > 0).map(({ variation }) => variation));
  const baseline = arms[0]?.variation ?? '';
  if (compared.size < 2 || traffic === 0 || (slot && slot.from === slot.to)) {
    const what = compared.size < 2 ? 'fewer than two arms get units' : 'no unit takes part';
    findings.push({
      code: 'nothing-to-compare',
      path: compared.size < 2 ? ['arms'] : [traffic === 0 ? 'traffic' : 'slot'],
      message: `The experiment is running, and ${what}: there is nothing to compare.`,
      hint:
        compared.size < 2
          ? 'Give weight to two variations, the baseline first.'
          : 'Give it a share above 0, or set the status to `draft`.',
    });
  }
  if (compared.size >= 2 && !compared.has(baseline)) {
    const message = `The experiment is running, and no unit gets the first arm, ${ticked(baseline)}: there is no baseline to compare the others with.`;
    const hint = 'Give it weight, or put the arm first that the others are to be compared with.';
    findings.push({ code: 'nothing-to-compare', path: ['arms', 0, 'weight'], message, hint });
  }
  if (exposures === 'off' && metrics) {
    const message = 'The relay reports no exposures, so no unit ever counts for the metrics.';
    const hint = 'Remove `exposures`, or write `first`.';
    findings.push({ code: 'exposures-off', path: ['exposures'], message, hint });
  }
  return findings;
}

/** A metric named twice would be judged twice. */
function repeatedMetrics(metrics: ExperimentDefinition['metrics']): Finding[] {
  if (!metrics) return [];
  const { primary, secondary = [], guardrails = [] } = metrics;
  const named = [
    { key: primary, path: ['primary'] as (string | number)[] },
    ...secondary.map((key, i) => ({ key, path: ['secondary', i] })),
    ...guardrails.map((key, i) => ({ key, path: ['guardrails', i] })),
  ];
  const seen = new Map<string, string>();
  return named.flatMap(({ key, path }): Finding[] => {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, String(path[0]));
    if (first === undefined) return [];
    const message = `The metric ${ticked(key)} is among \`${first}\` already: it would be judged twice.`;
    const hint = 'Name each metric once, where it counts most.';
    return [{ code: 'metric-repeated', path: ['metrics', ...path], message, hint }];
  });
}

/** What a metric's own file can tell. */
export function metricFindings(metric: MetricDefinition): Finding[] {
  const { type, value, cap, margin, numerator, denominator } = metric;
  const findings = relativeFinding(margin, ['margin'], 'The margin');
  if (type === 'mean' && value === undefined) {
    const message = 'The metric is a mean, and does not say of which property.';
    const hint =
      'Add `value:` with the property, or `value: value` for the value of the tracked event itself.';
    findings.push({ code: 'mean-without-value', path: ['type'], message, hint });
  }
  if (type === 'ratio' && numerator === denominator) {
    const message = 'The ratio is of an event and itself, and so always 1.';
    const hint = 'Name the events that are counted above and below the line.';
    findings.push({ code: 'ratio-of-itself', path: ['denominator'], message, hint });
  }
  if (cap !== undefined && cap <= 0.5) {
    const message = `The cap ${cap} is a percentile: at least half of all units would count as the same.`;
    const hint = 'Write 0.999 to cap the highest one in a thousand.';
    findings.push({ code: 'cap-not-fitting', path: ['cap'], message, hint });
  }
  return findings;
}

/** 2 where 0.02 is meant. */
function relativeFinding(share: number | undefined, path: string[], what: string): Finding[] {
  if (share === undefined || share < 1) return [];
  const message = `${what} is ${share * 100} % of the baseline: it is a share, and not a percentage.`;
  const hint = `Write ${share / 100} for ${share} %.`;
  return [{ code: 'share-like-percentage', path, message, hint }];
}
