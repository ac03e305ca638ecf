// Requirements: a flag gives one variation at a time, so two of one flag are never both given.
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import type { Finding } from '../finding.ts';

export function requirementFindings({ requires = [] }: FlagDefinition): Finding[] {
  const first = new Map<string, string>();
  return requires.flatMap(({ flag, variation }, i): Finding[] => {
    const other = first.get(flag);
    if (other === undefined) first.set(flag, variation);
    if (other === undefined || other === variation) return [];
    const message = `The flag is always off: it requires ${ticked(other)} and ${ticked(variation)} of ${ticked(flag)}, which gives one of them.`;
    const hint = 'Keep one of the two.';
    return [{ code: 'never-holds', path: ['requires', i, 'variation'], message, hint }];
  });
}
