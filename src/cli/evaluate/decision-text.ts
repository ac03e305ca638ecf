// A decision as people read it: what the app gets, and in a sentence why.
import { printable } from '../../lib/printable.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Decision } from '../../model/decision.ts';
import { styled } from '../terminal.ts';

export function decisionLines(decision: Decision): string[] {
  const { flag, value, variation } = decision;
  const given =
    variation === undefined
      ? 'no value: the app’s own default stands'
      : `${printable(JSON.stringify(value), 1000)}  ${styled('dim', `variation ${variation}`)}`;
  return [
    `${styled('bold', flag)} = ${given}`,
    `${decision.errorCode ?? decision.reason} in ${decision.metadata.environment}: ${why(decision)}`,
  ];
}

function why({ reason, errorCode, metadata }: Decision): string {
  const { rule, experiment, arm, requires, override } = metadata;
  const by = rule === undefined ? 'the fallthrough' : `the rule "${printable(rule)}"`;
  switch (reason) {
    case 'STATIC':
      return override ? `an override stands until ${override}.` : 'everyone gets the same.';
    case 'DEFAULT':
      return 'no target and no rule took the subject.';
    case 'TARGETING_MATCH':
      return rule === undefined ? 'the unit is a target.' : `${by} holds.`;
    case 'SPLIT':
      return experiment ? `${by} leads to the experiment ${experiment}, arm ${arm}.` : `${by} splits units.`;
    case 'DISABLED':
      return requires
        ? `the required flag ${requires} does not give the required variation.`
        : 'the flag is disabled.';
    case 'ERROR':
      return errorCode === 'TARGETING_KEY_MISSING'
        ? 'a split was reached, and the context has no unit.'
        : 'an error.';
    default:
      return unreachable(reason);
  }
}
