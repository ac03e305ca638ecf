// P4: an experiment that is looked at every day by a plan of seven looks, fed by the statement that makes events count.
import { describe, expect, test } from 'vitest';
import { writeItems } from '../../src/events/write.ts';
import type { Analysis } from '../../src/experiments/analysis.ts';
import type { Event } from '../../src/model/event.ts';
import { eventUuid } from '../../src/model/event-shape.ts';
import { sampleSizeOfProportions } from '../../src/stats/power/proportions.ts';
import { inflation, plannedBounds } from '../../src/stats/sequential/plan.ts';
import { spendingBounds } from '../../src/stats/sequential/spending.ts';
import { randomOf } from './shoppers.ts';
import { day, EXPERIMENT, experimentOf, PROJECT, World } from './world.ts';

const LOOKS = 7;
const DAYS = 9;
const ALPHA = 0.05;
const UNITS_A_DAY = 400;
const common = { environment: 'prod', unitAttribute: 'targetingKey', revision: 1 };

/** What the relays of one day deliver: who comes and who buys, at rates of 0.2 and, with the new arm, `rate`. */
function dayOf(days: number, rate: number, random: () => number): Event[] {
  return Array.from({ length: UNITS_A_DAY }, (_, at): Event[] => {
    const unit = `shopper-${days}-${at}`;
    const arm = random() < 0.5 ? 'off' : 'on';
    const atMs = day(days) + (at + 1) * 1_000;
    const exposure: Event = {
      ...{ ...common, type: 'exposure', id: `exposure-${unit}`, atMs },
      ...{ experiment: EXPERIMENT, arm, unit },
    };
    if (random() >= (arm === 'on' ? rate : 0.2)) return [exposure];
    const units = { targetingKey: unit };
    return [
      exposure,
      { type: 'track', id: `buy-${unit}`, environment: 'prod', atMs: atMs + 500, event: 'purchase', units },
    ];
  }).flat();
}

interface Offline {
  look: number;
  fraction: number;
  bound: number;
  z: number;
  verdict: string;
}

/** The same decisions from nothing but units and buyers of each day: pooled z, equal steps, and bounds of those who keep to them. */
async function offline(world: World, dayNumbers: number[]): Promise<(Offline | undefined)[]> {
  const { rows } = await world.pool.query<{ day: number; arm: string; units: number; buyers: number }>(
    `select d.day, a.arm, count(*)::integer as units,
       count(*) filter (where exists (select from halyard.track_event e where e.unit = a.unit and e.event = 'purchase'))::integer
         as buyers
     from halyard.assignment a join unnest($1::integer[], $2::timestamptz[]) as d (day, until) on a.at <= d.until
     group by d.day, a.arm`,
    [dayNumbers, dayNumbers.map((days) => new Date(day(days)))],
  );
  const taken: Offline[] = [];
  let size = 0;
  return dayNumbers.map((days) => {
    const of = (arm: string) =>
      rows.find((row) => row.day === days && row.arm === arm) as (typeof rows)[number];
    const [off, on] = [of('off'), of('on')];
    const [p, q] = [off.buyers / off.units, on.buyers / on.units];
    size ||=
      2 *
      Math.ceil(
        (sampleSizeOfProportions({ control: p, treatment: p * 1.25, alpha: ALPHA, power: 0.8 }) ?? 0) *
          inflation(LOOKS, ALPHA, 0.8, 'pocock').sample,
      );
    const fraction = (off.units + on.units) / size;
    const look = Math.min(LOOKS, Math.floor((fraction + 0.005) * LOOKS));
    const last = taken.at(-1);
    if (look <= (last?.look ?? 0) || last?.verdict === 'better' || last?.look === LOOKS) return undefined;
    const pooled = (off.buyers + on.buyers) / (off.units + on.units);
    const z = (q - p) / Math.sqrt(pooled * (1 - pooled) * (1 / off.units + 1 / on.units));
    const isOnTime = (each: { look: number; fraction: number }, at: number) =>
      each.look === at + 1 && Math.abs(each.fraction - each.look / LOOKS) <= 0.01;
    const all = [...taken, { look, fraction }];
    const onTime = all.findIndex((each, at) => !isOnTime(each, at));
    const bound =
      onTime < 0
        ? (plannedBounds(LOOKS, ALPHA, 'pocock')[0] as number)
        : (spendingBounds(
            all.map((each) => each.fraction),
            ALPHA,
            'pocock',
            { isFinal: look === LOOKS, opening: { looks: LOOKS, onTime: Math.min(onTime, taken.length) } },
          ).at(-1)?.bound ?? Number.POSITIVE_INFINITY);
    const isCrossed = Math.abs(z) >= bound;
    const verdict = isCrossed ? (z > 0 ? 'better' : 'worse') : look === LOOKS ? 'no-difference' : 'too-early';
    const found = { look, fraction, bound, z, verdict };
    taken.push(found);
    return found;
  });
}

describe.each([
  ['a true effect', 0.29, 11],
  ['another one', 0.25, 5],
  ['no effect', 0.2, 3],
])('P4: with %s', (_name, rate, seed) => {
  test('decisions are those of an offline computation, once crossed stays crossed, and a day that is brought again changes nothing', async () => {
    await using world = await World.create(
      experimentOf({ analysis: { minimumEffect: 0.25, sequential: { looks: LOOKS } } }),
    );
    const random = randomOf(seed);
    const said: Analysis[] = [];
    for (let days = 0; days < DAYS; days++) {
      const events = dayOf(days, rate, random);
      await world.openDays([day(days)]);
      const items = events.map((event) => ({ request: 0, uuid: eventUuid(PROJECT, event.id), event }));
      expect((await writeItems(world.pool, PROJECT, items)).get(0)).toBe(events.length);
      const analysis = await world.analyze(day(days + 1));
      expect((await writeItems(world.pool, PROJECT, items)).size).toBe(0);
      const again = await world.analyze(day(days + 1), false);
      // The plan and the look of that instant are computed anew, from the same state.
      expect(again.primary).toEqual(analysis.primary);
      expect(again.progress.units).toBe((days + 1) * UNITS_A_DAY);
      said.push(analysis);
    }
    const numbers = said.map((_, days) => days + 1);
    const computed = await offline(world, numbers);
    said.forEach(({ progress, looks }, at) => {
      expect(progress.look).toBe(computed[at]?.look ?? null);
      if (progress.look === null) return;
      const [arm] = looks.at(-1)?.arms ?? [];
      expect(looks.at(-1)?.fraction).toBeCloseTo(computed[at]?.fraction ?? Number.NaN, 12);
      expect(arm?.bound).toBeCloseTo(computed[at]?.bound ?? Number.NaN, 6);
      expect(arm?.z).toBeCloseTo(computed[at]?.z ?? Number.NaN, 9);
    });
    const kinds = said.map(({ verdict }) => verdict.kind);
    let stands = 'too-early';
    expect(kinds).toEqual(computed.map((each) => (stands = each?.verdict ?? stands)));
    const decided = kinds.findIndex((kind) => kind !== 'too-early');
    expect(decided).toBeGreaterThan(0);
    expect(new Set(kinds.slice(decided)).size).toBe(1);
  });
});
