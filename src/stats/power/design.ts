// What a question about power must hold, whatever the metric.
import { InvalidInputError } from '../computed.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { checkAlpha } from '../input.ts';

/** z_{1 - alpha/2}. @throws InvalidInputError `alpha-out-of-range` */
export function twoSidedZ(alpha: number): number {
  checkAlpha(alpha);
  return -normalQuantile(alpha / 2);
}

/** z_power. @throws InvalidInputError `alpha-out-of-range`, `power-not-above-alpha` */
export function powerZ(power: number, alpha: number): number {
  checkAlpha(alpha);
  if (power > alpha && power < 1) return normalQuantile(power);
  throw new InvalidInputError(
    'power-not-above-alpha',
    `Power is between alpha (${alpha}) and 1, and not ${power}: a test that does nothing has the power alpha.`,
  );
}

/** Units of the treatment arm over those of the control arm. @throws InvalidInputError `ratio-not-positive` */
export function checkRatio(ratio: number): void {
  if (ratio > 0 && Number.isFinite(ratio)) return;
  throw new InvalidInputError('ratio-not-positive', `Arms have a ratio of sizes above 0, and not ${ratio}.`);
}
