// What a reader must know of an analysis as a whole, in sentences.
import { isDeepStrictEqual } from 'node:util';
import type { LookTaken } from './analysis.ts';
import type { Plan } from './plan.ts';
import { scaleOf } from './plan.ts';
import type { Design, Setup } from './setup.ts';
import type { ArmUnits } from './units.ts';

export interface NotesBasis {
  setup: Setup;
  design: Design;
  plan: Plan | undefined;
  units: readonly ArmUnits[];
  looks: readonly LookTaken[];
  isDecided: boolean;
  /** Of a look that is taken now: units whose windows are not over, of all that are measured. */
  open: { units: number; of: number } | null;
  /** Null where there are events from when the first units came. */
  dayWithoutEvents: string | null;
}

export function notesOf(basis: NotesBasis): string[] {
  const { setup, design, plan, units, looks, isDecided, open, dayWithoutEvents } = basis;
  const crossed = units.reduce((sum, each) => sum + each.crossedOver, 0);
  const { status } = setup.definition;
  const notes = [
    plan?.atMs != null ? deviations(setup.design, design, plan) : undefined,
    plan?.basis && !plan.basis.isMature
      ? 'The planned size was computed from units whose windows were not over; what they had not done yet makes it too large rather than too small.'
      : undefined,
    open !== null && open.units > 0
      ? `For ${open.units.toLocaleString('en')} of ${open.of.toLocaleString('en')} units the primary metric’s window of ${design.primary.window} is not over: this look judges what they did so far.`
      : undefined,
    scaleOf(design) === 'time' && design.sequential
      ? 'There is no minimum effect, so looks are due in equal steps of the time until the planned end.'
      : undefined,
    crossed > 0
      ? `${crossed.toLocaleString('en')} ${crossed === 1 ? 'unit' : 'units'} saw more than one arm: left out of every metric, and counted for the split in the arm that came first.`
      : undefined,
    dayWithoutEvents === null
      ? undefined
      : `There is no event from ${dayWithoutEvents}, the day of the first exposure, or from before. If the collector let go of them (--retention), what early units did then counts for no metric${design.sequential ? ', and looks seem to have more in common than they have: false alarms are more than alpha' : ''}.`,
    missedLooks(looks),
    ...decidedEarlier(looks),
    status === 'stopped' && !isDecided && design.end === null
      ? 'It was stopped before its planned size, and has no planned end: nothing more can be said about it.'
      : undefined,
  ];
  return notes.filter((note) => note !== undefined);
}

const NAMES: { readonly [Key in keyof Design]: string } = {
  arms: 'the arms',
  unit: 'the unit',
  primary: 'the primary metric',
  alpha: 'alpha',
  power: 'the power',
  minimumEffect: 'the minimum effect',
  end: 'the end',
  sequential: 'the looks',
  cupedDays: 'CUPED',
};

/** The plan stands; where the file says otherwise by now, that is told. */
function deviations(written: Design, planned: Design, plan: Plan): string | undefined {
  const keys = Object.keys(NAMES) as (keyof Design)[];
  const changed = keys.filter((key) => !isDeepStrictEqual(measuring(written[key]), measuring(planned[key])));
  if (changed.length === 0) return undefined;
  const day = new Date(plan.atMs as number).toISOString().slice(0, 10);
  return (
    `The file by now says otherwise than the plan of ${day} about ${changed.map((key) => NAMES[key]).join(', ')}. ` +
    'The plan stands: what is judged by must not change while it is looked at.'
  );
}

/** Without the words that describe a metric. */
function measuring(value: Design[keyof Design]): unknown {
  if (typeof value !== 'object' || value === null || !('metric' in value)) return value;
  const { description, owner, tags, margin, ...rest } = value;
  return rest;
}

function missedLooks(looks: readonly LookTaken[]): string | undefined {
  const missed = looks.flatMap(({ look }, at) => {
    const before = looks[at - 1]?.look ?? 0;
    return Array.from({ length: look - before - 1 }, (_, step) => before + step + 1);
  });
  if (missed.length === 0) return undefined;
  return `Planned looks that nobody took: ${missed.join(', ')}. What of alpha was theirs is left to those after them.`;
}

/** Of several arms, those that later looks no longer judged. */
function decidedEarlier(looks: readonly LookTaken[]): string[] {
  return (looks.at(-1)?.arms ?? []).flatMap(({ arm }) => {
    const at = looks.findIndex((look) => look.arms.some((each) => each.arm === arm && each.isCrossed));
    const look = looks[at];
    if (!look || at === looks.length - 1) return [];
    return `${arm} crossed its boundary at the look of ${look.at.slice(0, 10)}: what is said of it on the primary metric is of then.`;
  });
}
