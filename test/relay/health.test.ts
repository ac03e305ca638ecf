// What a source said last is what status tells.
import { describe, expect, it } from 'vitest';
import { SourceHealth } from '../../src/relay/health.ts';
import type { Fault, SourceNews } from '../../src/relay/source.ts';
import { snapshotAt } from './support.ts';

const snapshot: SourceNews = { type: 'snapshot', snapshot: snapshotAt(1) };
const current: SourceNews = { type: 'current' };
const down: Fault = { code: 'postgres', message: 'is away' };
const broken: Fault = { code: 'does-not-compile', message: 'flag `a`' };
const fault: SourceNews = { type: 'fault', fault: down };

describe('the health of a source', () => {
  it('starts stale, is current when the source confirms, and stale again when it is silent for long', () => {
    let now = 1_000;
    const health = new SourceHealth(
      () => now,
      () => now,
    );
    expect([health.state, health.stale, health.confirmedAtMs]).toEqual(['starting', true, undefined]);
    health.heard(snapshot, { type: 'served' });
    expect([health.state, health.stale, health.confirmedAtMs]).toEqual(['current', false, 1_000]);
    now += 10_000;
    health.heard(current);
    now += 14_000;
    expect([health.stale, health.confirmedAtMs]).toEqual([false, 11_000]);
    now += 2_000;
    expect([health.stale, health.state, health.fault?.code]).toEqual([true, 'faulty', 'silent']);
  });

  it('what one relay has confirmed is not undone by another that has heard less, but by a snapshot', () => {
    const health = new SourceHealth(
      () => 100_000,
      () => 100_000,
    );
    health.heard({ ...snapshot, freshness: { ageMs: 500 } }, { type: 'served' });
    health.heard({ ...current, freshness: { ageMs: 9_000 } });
    expect(health.confirmedAtMs).toBe(99_500);
    health.heard({ ...current, freshness: { ageMs: 20 } });
    expect(health.confirmedAtMs).toBe(99_980);
    health.heard({ ...snapshot, freshness: { ageMs: 9_000 } }, { type: 'served' });
    expect(health.confirmedAtMs).toBe(91_000);
  });

  it('ages, staleness and dates stay true when the clock is set forward or back by a day', () => {
    let [now, steady] = [1_000_000, 0];
    const health = new SourceHealth(
      () => now,
      () => steady,
    );
    health.heard(current);
    for (const jump of [86_400_000, -2 * 86_400_000]) {
      now += jump + 5_000;
      steady += 5_000;
      expect([health.stale, now - (health.confirmedAtMs ?? 0)]).toEqual([false, steady]);
    }
    health.heard(fault);
    steady += 1_000;
    now += 1_000 + 86_400_000;
    expect(now - (health.fault?.atMs ?? 0)).toBe(1_000);
  });

  it('tells a fault once, and dates it by its first time, in other words too', () => {
    let now = 1_000;
    const health = new SourceHealth(
      () => now,
      () => now,
    );
    expect(health.heard(fault)).toMatchObject(down);
    now = 2_000;
    expect(health.heard(fault)).toBeUndefined();
    expect([health.state, health.fault]).toEqual(['faulty', { ...down, atMs: 1_000 }]);
    expect(health.heard({ type: 'fault', fault: { ...down, message: 'refuses' } })).toMatchObject({
      message: 'refuses',
    });
    expect(health.fault).toMatchObject({ message: 'refuses', atMs: 1_000 });
  });

  it('a refused snapshot stays a fault while the source has nothing newer, through an outage too', () => {
    const health = new SourceHealth(
      () => 1_000,
      () => 1_000,
    );
    health.heard(snapshot, { type: 'refused', fault: broken });
    for (const news of [current, fault, current, current]) health.heard(news);
    expect([health.state, health.fault?.code, health.stale]).toEqual(['faulty', 'does-not-compile', true]);
    health.heard(snapshot, { type: 'served' });
    expect([health.state, health.stale]).toEqual(['current', false]);
  });

  it('an outage that is over is mended by the same snapshot as before', () => {
    const health = new SourceHealth(
      () => 1_000,
      () => 1_000,
    );
    health.heard(fault);
    health.heard(snapshot, { type: 'same' });
    expect([health.state, health.fault]).toEqual(['current', undefined]);
  });
});
