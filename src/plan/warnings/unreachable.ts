// Rules that decided for someone, and after the change do for nobody.
import { ticked } from '../../lib/printable.ts';
import { branchesOf } from '../branches.ts';
import type { Comparison, FlagSide } from '../comparison.ts';
import type { Warning } from '../plan.ts';
import { resultForAll } from '../result.ts';
import { TooMuch } from '../too-much.ts';
import type { Surprising } from './surprising.ts';

/** New rules that nobody reaches count too. A flag that is off reaches none, which is no surprise. */
export function unreachableRules({ compared }: Surprising): Warning[] {
  return compared.flatMap(({ comparison }) => {
    const { before, after, flag, environment } = comparison;
    if (!after.flag || after.flag.disabled !== undefined) return [];
    const known = new Map(before.flag?.rules.nodes.map(({ name }, index) => [name, index]));
    return after.flag.rules.nodes.flatMap(({ name }, index): Warning[] => {
      if (decides(after, index, comparison)) return [];
      const was = known.get(name);
      if (was !== undefined && !decides(before, was, comparison)) return [];
      const verb = was === undefined ? 'is new, and never reached' : 'is no longer reached';
      const message = `The rule ${ticked(name)} ${verb}: what comes before it takes everyone for whom it holds.`;
      return [{ code: 'unreachable', kind: 'flag', key: flag, environment, message }];
    });
  });
}

/** Whether the rule decides for anyone at any time. Where that is too much to tell, it does. */
function decides({ flag, programs }: FlagSide, index: number, { tools }: Comparison): boolean {
  if (!flag) return false;
  try {
    const { leaves, unseen } = branchesOf(programs.deciding(flag, index), tools.programs.answer({}), tools);
    return (
      unseen.length > 0 || leaves.some((leaf) => resultForAll(leaf.before, leaf.after, []).moves.length > 0)
    );
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return true;
  }
}
