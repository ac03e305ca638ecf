// What a plan tells of what: words, flags that are new or gone, rules, ramps, and nothing personal.
import { describe, expect, test } from 'vitest';
import type { FlagEnvironment } from '../../src/model/definitions.gen.ts';
import { inProd, inShort, plan, planInProd, type Written } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;

const percent = (share: number): FlagEnvironment => ({ serve: 'on', percent: share });

describe('what is told of what', () => {
  test('a change of words touches no environment', () => {
    const { flags, changes } = plan(
      inProd(percent(10)),
      inProd(percent(10), { description: 'New words', owner: 'web' }),
    );
    expect(flags).toEqual([{ flag: 'f', owner: 'web', action: 'updated', environments: [] }]);
    expect(changes.length).toBeGreaterThan(0);
  });

  test('the same definitions give an empty plan', () => {
    const { changes, flags, warnings } = plan(inProd(percent(10)), inProd(percent(10)));
    expect([changes, flags, warnings]).toEqual([[], [], []]);
  });

  test('a new flag moves no one from anything, and is told where it is named', () => {
    const salts = { dev: 'a', prod: 'b' };
    const { flags } = plan({ salts }, { ...inProd(percent(10)), salts });
    expect(flags).toMatchObject([{ action: 'created', environments: [{ environment: 'prod' }] }]);
    expect(flags[0]?.environments[0]?.cases.map(inShort)).toEqual([
      '? 100 -> on 10, off 90: ? -> on 10, ? -> off 90',
    ]);
    expect(plan(undefined, { ...inProd(percent(10)), salts }).flags).toEqual(flags);
  });

  test('a flag that is gone leaves apps their own default', () => {
    const { flags } = plan(inProd(percent(10)), {});
    expect(flags[0]?.action).toBe('deleted');
    expect(flags[0]?.environments[0]?.cases.map(inShort)).toEqual([
      'on 10, off 90 -> ? 100: on -> ? 10, off -> ? 90',
    ]);
  });

  test('rules are told alone, whoever comes before them', () => {
    const rules = (share: number) =>
      inProd({ rules: [{ name: 'ramp', if: us, then: { serve: 'on', percent: share } }], serve: 'off' });
    expect(planInProd(rules(10), rules(25)).rules).toEqual([
      {
        rule: 'ramp',
        action: 'updated',
        when: { before: 'country eq US', after: 'country eq US' },
        before: [
          { answer: 'on', percent: '10' },
          { passes: true, percent: '90' },
        ],
        after: [
          { answer: 'on', percent: '25' },
          { passes: true, percent: '75' },
        ],
        moves: [{ fromPasses: true, to: 'on', percent: '15' }],
      },
    ]);
  });

  test('a ramp is told as it is now and with all of its steps', () => {
    const ramp = [
      { at: '2026-11-01T00:00:00Z', percent: 5 },
      { at: '2026-12-01T00:00:00Z', percent: 50 },
    ];
    const { cases: found, schedule } = planInProd(
      inProd({ serve: 'off' }),
      inProd({
        rules: [{ name: 'ramp', then: { serve: 'on', ramp }, until: '2027-01-01T00:00:00Z' }],
        serve: 'off',
      }),
    );
    expect(found.map(inShort)).toEqual(['off 100 -> on 5, off 95: off -> on 5']);
    expect(schedule).toEqual([
      { at: '2026-11-01T00:00:00Z', rule: 'ramp', does: { percent: 5 }, past: true },
      { at: '2026-12-01T00:00:00Z', rule: 'ramp', does: { percent: 50 } },
      { at: '2027-01-01T00:00:00Z', rule: 'ramp', does: 'closes' },
    ]);
  });

  test('personal values and units are in no plan', () => {
    const attributes = { email: { type: 'string', personal: true } } as const;
    const world = (value: string): Written => ({
      ...inProd({
        rules: [
          {
            if: {
              or: [
                { attribute: 'email', operator: 'eq', value },
                { attribute: 'targetingKey', operator: 'eq', value },
              ],
            },
            then: { serve: 'on' },
          },
        ],
        targets: { on: [`${value}-target`] },
        serve: 'off',
      }),
      attributes,
    });
    const text = JSON.stringify(plan(world('alice@acme.example'), world('bob@acme.example')));
    expect(text).toContain('<personal>');
    expect(text).not.toMatch(/alice|bob/);
  });
});
