// What one process has counted is added to what another one has, once and whole.
import { describe, expect, it } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { addCounts, type Counts, takeCounts } from '../../../src/relay/workers/counts.ts';

function move(from: Counters, to: Counters): void {
  for (const counts of takeCounts(from)) addCounts(to, JSON.parse(JSON.stringify(counts)) as Counts);
}

/** As many evaluations as there are flags, and one of everything else. */
function counted(flags: number): Counters {
  const counters = new Counters();
  for (let at = 0; at < flags; at++) {
    counters.evaluations.add({ flag: `flag-${at}`, reason: 'STATIC', variation: 'on', count: at + 1 });
  }
  for (const latency of Object.values(counters.latency)) latency.observe(0.3);
  counters.refusedRequests.add('too_many');
  counters.connectionsDropped++;
  counters.streamsDropped++;
  counters.requestsInFlight = 3;
  return counters;
}

const seen = (counters: Counters) => ({
  evaluations: [...counters.evaluations.all()],
  latency: Object.values(counters.latency).map(({ counts, sumSeconds }) => [[...counts], sumSeconds]),
  refused: [...counters.refusedRequests],
  dropped: [counters.connectionsDropped, counters.streamsDropped],
});

describe('counts that pass between processes', () => {
  it('are all there, and none twice, in however many parts they come', () => {
    const worker = counted(1_234);
    const whole = seen(worker);
    const primary = new Counters();
    move(worker, primary);
    expect(seen(primary)).toEqual(whole);
    move(worker, primary);
    expect(seen(primary)).toEqual(whole);
    expect([...worker.evaluations.all()]).toEqual([]);
  });

  it('add up over processes, and what goes up and down is not among them', () => {
    const primary = new Counters();
    for (const worker of [counted(2), counted(3)]) {
      move(worker, primary);
      expect(worker.requestsInFlight).toBe(3);
    }
    expect(primary.requestsInFlight).toBe(0);
    expect(primary.connectionsDropped).toBe(2);
    expect(primary.refusedRequests.get('too_many')).toBe(2);
    expect([...primary.evaluations.all()].map(({ flag, count }) => [flag, count])).toEqual([
      ['flag-0', 2],
      ['flag-1', 4],
      ['flag-2', 3],
    ]);
  });
});
