// Random trees of `and`, `or` and `not`.
import fc from 'fast-check';
import type { Condition } from '../../src/model/definitions.gen.ts';

/** Small conditions that come down to these. */
export function conditionOver(leaves: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      leaves,
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
      tie('condition').map((not) => ({ not })),
    ),
  })).condition;
}
