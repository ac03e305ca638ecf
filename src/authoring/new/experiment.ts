// A new experiment: a draft, which assigns nobody, over the variations of its flag.
import { offOf, variationsOf } from '../../definitions/checks/walk.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import { scalarText } from '../scalar-text.ts';
import { commented, described, editorLine, fileOf, type Given } from './lines.ts';

export interface NewExperiment extends Omit<Given, 'description'> {
  hypothesis?: string;
  flag: FlagDefinition;
  environment: string;
  /** The key of the metric that decides. */
  metric: string;
}

/** The text of the experiment's file. */
export function newExperiment(experiment: NewExperiment): string {
  const { key, hypothesis, owner, schema, flag, environment, metric } = experiment;
  const [baseline, ...others] = armsOf(flag);
  return fileOf([
    ...editorLine(schema),
    `experiment: ${scalarText(key, false)}`,
    `flag: ${scalarText(flag.flag, false)}`,
    described('hypothesis', hypothesis, 'what you expect to see, said before you look'),
    described('owner', owner, 'the team or person who answers for it'),
    commented('status: draft', 'draft | running | stopped; only a running one assigns'),
    `environments: [${scalarText(environment, true)}]`,
    commented('traffic: 100', 'percent of the eligible units'),
    commented('arms:', 'the first arm is the baseline'),
    `  - ${baseline}`,
    ...others.map((arm) => `  - ${arm}`),
    'metrics:',
    commented(`  primary: ${scalarText(metric, false)}`, 'the one that decides'),
    commented('  # secondary: []', 'others to look at'),
    commented('  # guardrails: []', 'what must not get worse'),
    commented('analysis:', 'said before there is a result'),
    commented('  minimumEffect: 0.05', 'the smallest effect worth finding, relative to the baseline'),
    commented('  # sequential: { looks: 5 }', 'planned looks, where not one at the end'),
    commented('  # cuped: { days: 14 }', 'what units did before takes out noise'),
  ]);
}

/** An arm for each variation, that of the flag's `off` first, with equal weights that sum to exactly 100. */
function armsOf(flag: FlagDefinition): string[] {
  const names = Object.keys(variationsOf(flag));
  const off = offOf(flag);
  const ordered = off === undefined ? names : [off, ...names.filter((name) => name !== off)];
  const share = Math.floor(10_000 / ordered.length);
  const first = 10_000 - share * (ordered.length - 1);
  return ordered.map((name, index) => {
    const weight = (index === 0 ? first : share) / 100;
    return `{ variation: ${scalarText(name, true)}, weight: ${weight} }`;
  });
}
