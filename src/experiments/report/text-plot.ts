// Intervals in characters, one line an arm, on one scale around zero.
import { printable } from '../../lib/printable.ts';
import { levelOf, type ToldArm, type ToldMetric } from './metric.ts';
import { PERCENT } from './numbers.ts';
import { type Effect, extentOn, placeOn, type Scale, scaleOf, tickText } from './scale.ts';

interface Bar {
  label: string;
  effect: Effect;
  arm: ToldArm;
  limit?: number;
}

const WIDEST_LABEL = 32;
const LEAST_PLOT = 20;

/** Empty where no arm has a lift, or there is no room. */
export function plotLines(metrics: readonly ToldMetric[], width: number): string[] {
  const scale = sharedScale(metrics);
  if (!scale) return [];
  const bars = metrics.flatMap(barsOf);
  const widest = Math.min(WIDEST_LABEL, Math.floor(width / 2));
  const labels = bars.map(({ label }) => printable(label, widest));
  const indent = Math.max(...labels.map(({ length }) => length)) + 2;
  const room = width - indent - 1;
  if (room < LEAST_PLOT) return [];
  return [
    axisLine(scale, room, indent),
    ...bars.map((bar, index) =>
      `${(labels[index] ?? '').padEnd(indent)}${drawn(bar, scale, room)}`.trimEnd(),
    ),
  ];
}

/** The scale of all lifts; the primary metric's are always whole. */
export function sharedScale(metrics: readonly ToldMetric[]): Scale | undefined {
  const effects = (wanted: boolean) =>
    metrics
      .filter(({ role }) => (role === 'primary') === wanted)
      .flatMap(({ arms }) => arms.flatMap(({ lift }) => lift ?? []));
  return scaleOf(effects(true), effects(false));
}

function barsOf({ metric, arms, limit }: ToldMetric): Bar[] {
  return arms.flatMap((arm) =>
    arm.lift === undefined
      ? []
      : [
          {
            label: `${printable(metric, 24)}  ${printable(arm.arm, 16)}`,
            effect: arm.lift,
            arm,
            ...(limit !== undefined && { limit }),
          },
        ],
  );
}

/** Tick labels, each centred on its place; one that would touch another is left out, zero never. */
function axisLine(scale: Scale, room: number, indent: number): string {
  const cells = Array.from({ length: indent + room + 1 }, () => ' ');
  const byDistance = scale.ticks.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  for (const tick of byDistance) {
    const text = tickText(tick, scale, PERCENT);
    const at = indent + columnOf(placeOn(scale, tick), room);
    const start = Math.min(at - Math.floor(text.length / 2), cells.length - text.length);
    const around = cells.slice(Math.max(0, start - 1), start + text.length + 1);
    if (start < indent - 2 || around.some((cell) => cell !== ' ')) continue;
    cells.splice(start, text.length, ...text);
  }
  return cells.join('').trimEnd();
}

function columnOf(place: number, room: number): number {
  return Math.round(place * (room - 1));
}

/** `├───●───┤` across `│` at zero; filled where the arm is judged; `◄` and `►` where it goes on beyond the scale. */
function drawn({ effect, arm, limit }: Bar, scale: Scale, room: number): string {
  const cells = Array.from({ length: room }, () => ' ');
  const zero = columnOf(placeOn(scale, 0), room);
  cells[zero] = '│';
  const allowed = limit === undefined ? -1 : columnOf(placeOn(scale, limit), room);
  if (limit !== undefined && cells[allowed] === ' ') cells[allowed] = '┊';
  const extent = extentOn(scale, effect);
  if (extent) {
    const [start, end] = [columnOf(extent.start, room), columnOf(extent.end, room)];
    for (let column = start; column <= end; column++) {
      cells[column] = column === zero ? '┼' : column === allowed ? '┊' : '─';
    }
    if (start !== zero) cells[start] = extent.isCutAtStart ? '◄' : '├';
    if (end !== zero) cells[end] = extent.isCutAtEnd ? '►' : '┤';
  }
  const place = placeOn(scale, effect.estimate);
  const column = columnOf(Math.min(1, Math.max(0, place)), room);
  const isInside = place >= 0 && place <= 1;
  if (isInside) cells[column] = FILLED.has(arm.word) ? '●' : '○';
  return cells.join('');
}

/** Words of arms that are judged. */
export const FILLED: ReadonlySet<string> = new Set(['better', 'worse', 'harm', 'safe']);

/** One sentence on how to read the plot. */
export function plotCaption(metrics: readonly ToldMetric[]): string {
  const isOneLevel = metrics.every(({ otherLevel }) => otherLevel === '');
  const interval = isOneLevel ? `${levelOf(metrics)} interval` : 'interval';
  const limits = metrics.some(({ limit, arms }) => limit !== undefined && arms.some(({ lift }) => lift));
  return `Lift with its ${interval}; ● is decided, ○ is not${limits ? ', ┊ the most that a guardrail may lose' : ''}`;
}
