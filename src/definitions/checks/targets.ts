// Targets: each unit once in an environment. Numbers stand for their decimal text, so 7 and "7" are one unit.
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import type { Finding } from '../finding.ts';

export function targetFindings(flag: FlagDefinition): Finding[] {
  return Object.entries(flag.environments).flatMap(([environment, { targets = {} }]) => {
    const variationOf = new Map<string, string>();
    const findings: Finding[] = [];
    for (const [variation, units] of Object.entries(targets)) {
      for (const [i, unit] of units.entries()) {
        const first = variationOf.get(String(unit));
        if (first === undefined) {
          variationOf.set(String(unit), variation);
          continue;
        }
        // The unit itself is personal, and the position says which one it is.
        const message = `This unit is a target already, of ${ticked(first)}: expected each unit once.`;
        const path = ['environments', environment, 'targets', variation, i];
        findings.push({ code: 'target-twice', path, message, hint: 'Keep one of the two.' });
      }
    }
    return findings;
  });
}
