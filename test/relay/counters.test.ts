// Counting is bounded, whatever callers ask for.
import { describe, expect, it } from 'vitest';
import { Answers } from '../../src/relay/answers.ts';
import { Evaluations, LATENCY_BOUNDS_S, Latency } from '../../src/relay/counters.ts';

const decision = (flag: string) => ({
  flag,
  reason: 'STATIC' as const,
  variation: 'on',
  metadata: { environment: 'prod' },
});

describe('evaluations', () => {
  it('I10: of more flags than Prometheus should bear count together as one series, and none is lost', () => {
    const evaluations = new Evaluations();
    const answers = new Answers();
    for (let flag = 0; flag < 25_000; flag++) answers.give(decision(`flag-${flag}`));
    evaluations.take(answers);
    evaluations.take(answers);
    const series = [...evaluations.all()];
    expect(series.length).toBeLessThanOrEqual(20_001);
    expect(series.reduce((sum, { count }) => sum + count, 0)).toBe(25_000);
    expect(series.find(({ flag }) => flag === 'other')).toMatchObject({ count: 5_000 });
  });

  it('I10: unknown keys are counted as one and not kept', () => {
    const evaluations = new Evaluations();
    const answers = new Answers();
    for (let flag = 0; flag < 1_000; flag++) {
      answers.give({ ...decision(`made-up-${flag}`), reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
    }
    evaluations.take(answers);
    expect([...evaluations.all()]).toEqual([{ flag: '', reason: 'ERROR', variation: '', count: 1_000 }]);
    expect([...answers.all()]).toEqual([]);
  });

  it('a decision is made to text once', () => {
    const answers = new Answers();
    const same = decision('a');
    const answer = answers.give(same);
    expect(answers.give(same)).toBe(answer);
    expect(answer.count).toBe(2);
  });
});

describe('latency', () => {
  it('falls into the first bucket whose bound it does not pass', () => {
    const latency = new Latency();
    for (const milliseconds of [0, 0.01, 0.011, 100, 5_000]) latency.observe(milliseconds);
    expect(latency.counts[0]).toBe(2);
    expect(latency.counts[1]).toBe(1);
    expect(latency.counts[LATENCY_BOUNDS_S.length - 1]).toBe(1);
    expect(latency.counts[LATENCY_BOUNDS_S.length]).toBe(1);
    expect(latency.sumSeconds).toBeCloseTo(5.100_021);
  });
});
