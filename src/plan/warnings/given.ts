// What units lose without anyone having said so: percentages that fall, values behind a name, flags that go off.
import type { OutcomeNode } from '../../engine/outcome.ts';
import { ticked } from '../../lib/printable.ts';
import { rulePairs } from '../comparison.ts';
import type { Case, Warning } from '../plan.ts';
import { listed, type Surprising } from './surprising.ts';

export function fallingPercentages({ compared }: Surprising): Warning[] {
  return compared.flatMap(({ comparison, plan }) => {
    const { environment, flag, before, after } = comparison;
    return rulePairs(comparison).flatMap((pair): Warning[] => {
      const was = shareOf(pair.before.outcome, before.side.nowMs);
      const is = shareOf(pair.after.outcome, after.side.nowMs);
      if (!was || !is || was.variation !== is.variation || was.share <= is.share) return [];
      if (plan.limits.length === 0 && !plan.cases.some((each) => loses(each, pair.name, was.variation)))
        return [];
      const message = `The share of ${ticked(pair.name)} falls from ${was.share / 100}% to ${is.share / 100}%: units that have ${ticked(was.variation ?? '')} lose it.`;
      return [{ code: 'percentage-falls', kind: 'flag', key: flag, environment, message }];
    });
  });
}

/** Other rules may give it to those all the same. */
function loses({ rules, moves }: Case, rule: string, variation: string | undefined): boolean {
  return rules.before.includes(rule) && moves.some(({ from, to }) => from === variation && to !== variation);
}

function shareOf(
  outcome: OutcomeNode,
  nowMs: number,
): { variation: string | undefined; share: number } | undefined {
  switch (outcome.kind) {
    case 'serve':
      return { variation: outcome.decision.variation, share: 10_000 };
    case 'ramp':
      return { variation: outcome.decision.variation, share: outcome.ramp.shareAt(nowMs) };
    case 'split': {
      const [range] = outcome.ranges;
      return outcome.by === 'percent' && range
        ? { variation: range.decision.variation, share: range.to }
        : undefined;
    }
    case 'experiment':
      return undefined;
  }
}

/** Told once for a flag: its variations are the same everywhere. */
export function changedValues({ compared }: Surprising): Warning[] {
  const byFlag = Map.groupBy(compared, ({ comparison }) => comparison.flag);
  return [...byFlag].flatMap(([key, [first]]): Warning[] => {
    const names = (first?.plan.values ?? []).map(({ variation }) => variation);
    if (names.length === 0) return [];
    const [verb, whose] = names.length > 1 ? ['have other values', 'them'] : ['has another value', 'it'];
    const message = `${listed(names)} ${verb}: everyone who has ${whose} gets that, in every environment.`;
    return [{ code: 'value-changed', kind: 'flag', key, message }];
  });
}

export function switchedOff({ compared }: Surprising): Warning[] {
  return compared.flatMap(({ comparison }): Warning[] => {
    const { before, after, flag, environment } = comparison;
    if (!before.flag || before.flag.disabled !== undefined || after.flag?.disabled === undefined) return [];
    const given = after.flag.disabled.variation;
    const what = given === undefined ? "the app's own default" : ticked(given);
    const message = `${ticked(flag)} is switched off in ${ticked(environment)}: everyone gets ${what}, targets too.`;
    return [{ code: 'switched-off', kind: 'flag', key: flag, environment, message }];
  });
}

/** Subjects without a unit's attribute who had more than `off`, and now get an error. */
export function neededUnits({ compared }: Surprising): Warning[] {
  return compared.flatMap(({ comparison, plan }): Warning[] => {
    const { flag, environment, before } = comparison;
    const off = before.flag?.body.off;
    const losing = plan.without.filter(({ moves }) =>
      moves.some(
        ({ from, fromError, toError }) => toError && from !== undefined && !fromError && from !== off,
      ),
    );
    if (losing.length === 0) return [];
    const units = [...new Set(losing.flatMap((each) => each.units))];
    const message = `Subjects without ${listed(units)} get the error TARGETING_KEY_MISSING where a split is reached: their apps use their own default.`;
    return [{ code: 'unit-needed', kind: 'flag', key: flag, environment, message }];
  });
}
