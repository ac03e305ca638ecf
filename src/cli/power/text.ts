// A power calculation as people read it.
import type { PowerReport } from '../../experiments/power.ts';
import { printable } from '../../lib/printable.ts';

const BOUNDARIES = { pocock: 'Pocock', 'obrien-fleming': "O'Brien-Fleming" } as const;

/** The size first, then what it is made of, then what the present traffic could find. */
export function powerLines(report: PowerReport): string[] {
  const { factors, notes } = report;
  return [
    headline(report),
    '',
    ...rows([
      ['metric', `${printable(report.metric)} (${report.type})`],
      ['baseline', baselineText(report)],
      ['traffic', trafficText(report)],
      ['level', `alpha ${report.alpha}, power ${report.power}`],
      ...(report.sequential
        ? [
            [
              'looks',
              `${report.sequential.looks} (${BOUNDARIES[report.sequential.boundary]}): ${figure(factors.looks)} times the units of one look`,
            ],
          ]
        : []),
      ...(report.cupedDays === null
        ? []
        : [
            [
              'CUPED',
              factors.correlation === null
                ? `${report.cupedDays} days, which ${report.baseline.units === null ? 'do not count here' : 'tell nothing of this metric yet'}`
                : `${report.cupedDays} days: correlation ${figure(factors.correlation)}, ${figure(factors.cuped)} times the units`,
            ],
          ]),
    ]),
    ...effectLines(report),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ];
}

/** Nothing where it is not known who comes, or what they do. */
function effectLines({ effects, type, traffic, baseline }: PowerReport): string[] {
  if (traffic.unitsPerDay === null || baseline.value === null) return [];
  return [
    '',
    'What this traffic could find:',
    ...effects.map(({ weeks, units, relative, absolute }) => {
      const size = absolute ?? 0;
      const inUnits = type === 'binary' ? `${figure(size * 100, 3)} pp` : figure(size);
      const found = relative === null ? 'nothing' : `${percent(relative)} of the baseline (${inUnits})`;
      return `  ${weeks} week${weeks === 1 ? ' ' : 's'}  ${whole(units).padStart(11)} units  ${found}`;
    }),
  ];
}

function headline({ experiment, environment, size, minimumEffect, metric }: PowerReport): string {
  const what = `${printable(experiment)} in ${printable(environment)}`;
  if (size === null) return `${what}: no size can be said.`;
  const days =
    size.days === null ? 'nobody comes yet' : `${whole(size.days)} day${size.days === 1 ? '' : 's'}`;
  return (
    `${what} needs ${whole(size.unitsPerArm)} units per arm, ${whole(size.units)} in all: ${days}, ` +
    `to find ${percent(minimumEffect ?? 0)} of ${printable(metric)}.`
  );
}

function baselineText({ baseline, type }: PowerReport): string {
  const { value, sd, units, days } = baseline;
  if (value === null) return 'unknown';
  const text = type === 'binary' ? percent(value) : `${figure(value)}, standard deviation ${figure(sd ?? 0)}`;
  return units === null ? `${text}, as given` : `${text}, of ${whole(units)} units of the last ${days} days`;
}

function trafficText({ traffic: { unitsPerDay, share, isMeasured } }: PowerReport): string {
  if (unitsPerDay === null) return 'no unit had an event yet';
  const of = isMeasured ? (share < 1 ? ` (${percent(share)} of those who come)` : '') : ', as given';
  return `${whole(unitsPerDay)} units a day${of}`;
}

function rows(pairs: string[][]): string[] {
  return pairs.map(([name = '', text = '']) => `${name.padEnd(10)}${text}`);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function figure(value: number, digits = 4): string {
  return value.toLocaleString('en', { maximumSignificantDigits: digits });
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString('en', { maximumSignificantDigits: 3 })} %`;
}
