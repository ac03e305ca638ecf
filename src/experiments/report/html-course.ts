// The course over time of a page: how the primary metric's effect and its interval came about, with the same in a table.
import type { Analysis, CoursePoint } from '../analysis.ts';
import { when } from './facts.ts';
import { percent, px } from './html-plot.ts';
import { type Html, html, NOTHING, nameText, numberText, saidPlain, text } from './html-text.ts';
import {
  amount,
  decimalsFor,
  finite,
  intervalText,
  PERCENT,
  PLAIN,
  POINTS,
  type Unit,
  whole,
} from './numbers.ts';
import { type Effect, extentOn, placeOn, type Scale, scaleOf, tickText } from './scale.ts';

/** Points that are drawn, and rows of the table: the first, the last, and others between at equal distances. */
const MOST_POINTS = 80;
const MOST_ROWS = 10;
/** In pixels; places along the time are percentages. */
const HEIGHT = 200;
const BELOW = 24;

interface Point extends Effect {
  at: string;
  /** From 0 for the first one to 1 for the last. */
  place: number;
  units: number;
}

/** Nothing where there are fewer than two points that can be drawn. */
export function courseFigure({ course, primary, verdict }: Analysis): Html {
  if (verdict.kind === 'broken-split') return NOTHING;
  const isLift = course.some(({ lift }) => finite(lift) !== null);
  const unit = isLift ? PERCENT : primary.type === 'binary' ? POINTS : PLAIN;
  const points = pointsOf(course, isLift);
  const [first, last] = [points[0], points.at(-1)];
  const estimates = points.map(({ estimate }) => ({ estimate, interval: null }));
  const scale = last && scaleOf([last, ...estimates], points);
  if (!first || !last || first === last || !scale) return NOTHING;
  const arm = primary.arms[0]?.arm ?? '';
  const title = html`${text(isLift ? 'Lift' : 'Difference')} of ${nameText(primary.metric)} by ${nameText(arm)} over time`;
  const summary = html`${text(whole(course.length))} analyses from ${day(first)} to ${day(last)}: it began at ${estimateText(first, unit)} and is at ${estimateText(last, unit)} now.`;
  return html`<section aria-labelledby="course"><h2 id="course">Course over time</h2>
<figure class="course"><figcaption>${title}${text(points.some(({ interval }) => interval) ? ', with the interval of each analysis' : '')}</figcaption>
<div class="chart"><svg class="scale" aria-hidden="true" width="64" height="${px(HEIGHT + BELOW)}">${levels(scale, unit)}</svg>
<svg role="img" aria-labelledby="course-title course-summary" width="100%" height="${px(HEIGHT + BELOW)}"><title id="course-title">${title}</title><desc id="course-summary">${summary}</desc>${gridLines(scale)}${drawn(thinned(points, MOST_POINTS), scale)}${dates(first, last)}</svg></div>
</figure>
${pointsTable(thinned(points, MOST_ROWS), unit)}</section>
`;
}

function pointsOf(course: readonly CoursePoint[], isLift: boolean): Point[] {
  const points = course
    .flatMap(({ at, units, lift, liftInterval, difference, interval }) => {
      const [estimate, atMs] = [finite(isLift ? lift : difference), Date.parse(at)];
      if (estimate === null || Number.isNaN(atMs)) return [];
      return [{ at, atMs, units, estimate, interval: isLift ? liftInterval : interval }];
    })
    .sort((a, b) => a.atMs - b.atMs);
  const [start, end] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0];
  return points.map(({ atMs, ...point }) => ({ ...point, place: (atMs - start) / (end - start || 1) }));
}

function thinned(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const indexes = Array.from({ length: most }, (_, index) =>
    Math.round((index * (points.length - 1)) / (most - 1)),
  );
  return indexes.flatMap((index) => points[index] ?? []);
}

function yOf(place: number): number {
  return HEIGHT - Math.min(1, Math.max(0, place)) * HEIGHT;
}

function levels(scale: Scale, unit: Unit): Html {
  const labels = scale.ticks.map((tick) => {
    const y = Math.min(HEIGHT - 2, Math.max(11, yOf(placeOn(scale, tick)) + 4));
    return html`<text x="58" y="${px(y)}" text-anchor="end">${numberText(tickText(tick, scale, unit))}</text>`;
  });
  return html`${labels}`;
}

function gridLines(scale: Scale): Html {
  const lines = scale.ticks.map((tick) => {
    const y = px(yOf(placeOn(scale, tick)));
    return html`<line class="${text(tick === 0 ? 'zero' : 'tick')}" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  });
  return html`${lines}`;
}

/** Each interval as a line, each estimate as a dot that is joined with the next one's. */
function drawn(points: readonly Point[], scale: Scale): Html {
  const parts = points.map((point, index) => {
    const x = percent(point.place);
    const extent = extentOn(scale, point);
    const [low, high] = [yOf(extent?.start ?? 0), yOf(extent?.end ?? 0)];
    const interval = extent
      ? html`<line class="interval" x1="${x}" x2="${x}" y1="${px(high)}" y2="${px(low)}"/>`
      : NOTHING;
    const next = points[index + 1];
    const y = px(yOf(placeOn(scale, point.estimate)));
    const joint = next
      ? html`<line class="joint" x1="${x}" x2="${percent(next.place)}" y1="${y}" y2="${px(yOf(placeOn(scale, next.estimate)))}"/>`
      : NOTHING;
    const radius = next ? (points.length > 30 ? 2 : 3) : 5;
    return html`${interval}${joint}<circle class="estimate decided" cx="${x}" cy="${y}" r="${px(radius)}"/>`;
  });
  return html`${parts}`;
}

function dates(first: Point, last: Point): Html {
  const y = px(HEIGHT + BELOW - 6);
  // Within a day, days alone would be the same twice.
  const label = first.at.slice(0, 10) === last.at.slice(0, 10) ? ({ at }: Point) => saidPlain(when(at)) : day;
  return html`<text x="0" y="${y}" text-anchor="start">${label(first)}</text><text x="100%" y="${y}" text-anchor="end">${label(last)}</text>`;
}

function day({ at }: Point): Html {
  return text(new Date(at).toISOString().slice(0, 10));
}

function estimateText({ estimate, interval }: Point, unit: Unit): Html {
  return numberText(amount(estimate, decimalsFor(interval, estimate, unit), unit, true));
}

function pointsTable(points: readonly Point[], unit: Unit): Html {
  const rows = points.map((point) => {
    const decimals = decimalsFor(point.interval, point.estimate, unit);
    const interval = point.interval ? intervalText(point.interval, decimals, unit) : '';
    return html`<tr><th scope="row">${saidPlain(when(point.at))}</th><td>${text(whole(point.units))}</td><td>${estimateText(point, unit)}</td><td>${numberText(interval)}</td></tr>
`;
  });
  return html`<details><summary>The course in numbers</summary>
<table class="small"><thead><tr><th scope="col">Analysis of</th><th scope="col">Units</th><th scope="col">Change</th><th scope="col">Interval</th></tr></thead><tbody>
${rows}</tbody></table></details>
`;
}
