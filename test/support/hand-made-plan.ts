// Plans made by hand, for the tests of those who print them.
import { makeReport, type Report, type ReportParts } from '../../src/cli/plan/report.ts';
import type { Change, PatchItem } from '../../src/model/change.ts';
import type { Case, EnvironmentPlan, FlagPlan, Plan, Warning } from '../../src/plan/plan.ts';

/** 10 % to 25 % of those for whom a condition holds. */
export function rise(when = 'country eq US'): Case {
  return {
    when: [when],
    rules: { before: ['US ramp', 'everyone else'], after: ['US ramp', 'everyone else'] },
    before: [
      { answer: 'on', percent: '10' },
      { answer: 'off', percent: '90' },
    ],
    after: [
      { answer: 'on', percent: '25' },
      { answer: 'off', percent: '75' },
    ],
    moves: [{ from: 'off', to: 'on', percent: '15' }],
  };
}

export function environmentPlan(overrides: Partial<EnvironmentPlan> = {}): EnvironmentPlan {
  return {
    environment: 'prod',
    through: [],
    values: [],
    rules: [],
    cases: [rise()],
    without: [],
    targets: { added: 0, removed: 0, retargeted: 0, moved: 0, depends: 0, moves: [] },
    schedule: [],
    limits: [],
    ...overrides,
  };
}

export function flagPlan(flag: string, overrides: Partial<FlagPlan> = {}): FlagPlan {
  return { flag, owner: 'payments', action: 'updated', environments: [environmentPlan()], ...overrides };
}

export function change(key: string, item: Partial<PatchItem> = {}, overrides: Partial<Change> = {}): Change {
  return {
    kind: 'flag',
    key,
    environment: 'prod',
    action: 'updated',
    before: 'a'.repeat(64),
    after: 'b'.repeat(64),
    patch: [{ at: 'rule "US ramp"', field: 'percent', before: '10', after: '25', ...item }],
    ...overrides,
  };
}

export function warning(key: string, overrides: Partial<Warning> = {}): Warning {
  return {
    code: 'reshuffle',
    kind: 'flag',
    key,
    environment: 'prod',
    message: 'Everyone is dealt anew.',
    ...overrides,
  };
}

export function planWith(flags: FlagPlan[], overrides: Partial<Plan> = {}): Plan {
  const changes = flags.map(({ flag }) => change(flag));
  return { project: 'acme/shop', at: '2026-11-20T00:00:00Z', changes, flags, warnings: [], ...overrides };
}

export function reportOf(plan: Plan, overrides: Partial<ReportParts> = {}): Report {
  const base = { revision: 'origin/main', commit: '4c1d5ab0f2e94c0b' };
  return makeReport({ base, head: {}, plan, ...overrides });
}
