// Rules that decided for someone, and after the change do for nobody.
import type { OutcomeNode } from '../../engine/outcome.ts';
import type { RuleNode } from '../../engine/rules.ts';
import { ticked } from '../../lib/printable.ts';
import type { Comparison, FlagSide } from '../comparison.ts';
import { takesAll } from '../deciders.ts';
import type { Warning } from '../plan.ts';
import type { Assumption } from '../possible.ts';
import { unlessTooMuch } from '../too-much.ts';
import type { Surprising } from './surprising.ts';

/** Each rule is held against those before it; of longer lists only so many are. */
const MOST_RULES = 300;

/** New rules that nobody reaches count too. A flag that is off reaches none, which is no surprise. */
export function unreachableRules({ compared }: Surprising): Warning[] {
  return compared.flatMap(({ comparison }) =>
    unlessTooMuch(
      () => unreachableIn(comparison),
      () => [],
    ),
  );
}

function unreachableIn(comparison: Comparison): Warning[] {
  const { before, after, flag, environment } = comparison;
  if (!after.flag || after.flag.disabled !== undefined) return [];
  const known = new Map(before.flag?.rules.nodes.map(({ name }, index) => [name, index]));
  return after.flag.rules.nodes.slice(0, MOST_RULES).flatMap(({ name }, index): Warning[] => {
    if (decides(after, index, comparison)) return [];
    const was = known.get(name);
    if (was !== undefined && !decides(before, was, comparison)) return [];
    const verb = was === undefined ? 'is new, and never reached' : 'is no longer reached';
    const message = `The rule ${ticked(name)} ${verb}: what comes before it takes everyone for whom it holds.`;
    return [{ code: 'unreachable', kind: 'flag', key: flag, environment, message }];
  });
}

/** Whether the rule decides for anyone at any time. Rules before it whose time is bounded may leave everyone to it. */
function decides({ flag, programs }: FlagSide, index: number, { tools }: Comparison): boolean {
  const { formulas, possible } = tools;
  const rules = flag?.rules.nodes ?? [];
  const formulaOf = ({ condition }: RuleNode) =>
    condition ? programs.formulaOf(condition) : formulas.always;
  const rule = rules[index];
  if (!rule) return false;
  const assumptions: Assumption[] = [{ formula: formulaOf(rule), holds: true }];
  for (const earlier of rules.slice(0, index)) {
    if (earlier.window !== undefined) continue;
    const formula = formulaOf(earlier);
    if (takesAlways(earlier.outcome)) assumptions.push({ formula, holds: false });
    else if (covers(earlier.outcome, rule.outcome) && possible.follows({ formula, holds: true }, assumptions))
      return false;
  }
  return possible.is(assumptions);
}

function takesAlways(outcome: OutcomeNode): boolean {
  return outcome.kind !== 'ramp' && takesAll(outcome, 0);
}

/** Percentages of a flag share its bucket: who is in the smaller one is in the larger one. */
function covers(earlier: OutcomeNode, later: OutcomeNode): boolean {
  if (earlier.kind !== 'split' || later.kind === 'serve' || later.kind === 'experiment') return false;
  const share = earlier.ranges.at(-1)?.to ?? 0;
  const shares =
    later.kind === 'ramp' ? later.ramp.steps.map((step) => step.share) : later.ranges.map(({ to }) => to);
  return shares.every((each) => each <= share);
}
