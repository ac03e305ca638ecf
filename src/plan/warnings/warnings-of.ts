// All warnings of a change, in the order of the table of codes.
import type { Warning } from '../plan.ts';
import { type WarningCode, warningCodes } from '../warning-codes.ts';
import { runningExperiments } from './experiments.ts';
import { changedValues, fallingPercentages, neededUnits, switchedOff } from './given.ts';
import { deletedFlags, extendedExpiries, notInStaging, wideSegments } from './lives.ts';
import { reorderedArms } from './reordered.ts';
import { reshuffles } from './reshuffle.ts';
import type { Surprising, Warn } from './surprising.ts';
import { slowExperiments, unheardMetrics } from './traffic.ts';
import { unreachableRules } from './unreachable.ts';

const warn: Readonly<Record<WarningCode, Warn>> = {
  reshuffle: reshuffles,
  'reordered-arms': reorderedArms,
  'running-experiment': runningExperiments,
  'metric-without-events': unheardMetrics,
  'too-little-traffic': slowExperiments,
  unreachable: unreachableRules,
  'percentage-falls': fallingPercentages,
  'switched-off': switchedOff,
  'value-changed': changedValues,
  'unit-needed': neededUnits,
  'wide-segment': wideSegments,
  'not-in-staging': notInStaging,
  'expiry-extended': extendedExpiries,
  'flag-deleted': deletedFlags,
};

/** Each is a pure function of what was compared. */
export function warningsOf(surprising: Surprising): Warning[] {
  return (Object.keys(warningCodes) as WarningCode[]).flatMap((code) => warn[code](surprising));
}
