// The intervals of a page: one drawing an arm beside its label and number, all on one scale, wide or narrow.
import { type Html, html, NOTHING, nameText, numberText, text } from './html-text.ts';
import type { ToldArm, ToldMetric } from './metric.ts';
import { PERCENT } from './numbers.ts';
import { extentOn, placeOn, type Scale, tickText } from './scale.ts';
import { FILLED, plotCaption, sharedScale } from './text-plot.ts';

/** Height of a row's drawing in pixels. Places along it are percentages, so that it is never distorted. */
const HEIGHT = 28;
const MIDDLE = HEIGHT / 2;

/** Nothing where no arm has a lift. */
export function plotFigure(metrics: readonly ToldMetric[]): Html {
  const scale = sharedScale(metrics);
  if (!scale) return NOTHING;
  const rows = metrics.flatMap((metric) =>
    metric.arms.flatMap((arm) => (arm.lift ? [row(metric, arm, scale)] : [])),
  );
  return html`<section aria-labelledby="intervals"><h2 id="intervals">Intervals</h2>
<figure class="plot"><figcaption>${text(plotCaption(metrics))}</figcaption>
<div class="effect axis" aria-hidden="true"><span></span>${axis(scale)}<span></span></div>
<ul>
${rows}</ul>
</figure></section>
`;
}

function row({ metric, limit }: ToldMetric, arm: ToldArm, scale: Scale): Html {
  const interval = arm.interval === '' ? '' : `(${arm.interval})`;
  const spoken = `${arm.change} ${interval}${arm.word === '' ? '' : `, ${arm.word}`}`;
  return html`<li class="effect"><span class="label"><b>${nameText(metric)}</b> ${nameText(arm.arm)}</span>
<svg class="bar ${toneOf(arm)}" role="img" aria-label="${nameText(metric)}, ${nameText(arm.arm)}: ${numberText(spoken)}" width="100%" height="${px(HEIGHT)}">${grid(scale, HEIGHT)}${limitMark(limit, scale)}${bar(arm, scale)}</svg>
<span class="number">${numberText(arm.change)} <small>${numberText(interval)}</small></span></li>
`;
}

function toneOf({ word }: ToldArm): Html {
  if (word === 'better' || word === 'safe') return text('good');
  return word === 'worse' || word === 'harm' ? text('bad') : NOTHING;
}

/** A place on the scale as a percentage of the drawing's width. */
export function percent(place: number): Html {
  return text(`${Number((Math.min(1, Math.max(0, place)) * 100).toFixed(3))}%`);
}

export function px(length: number): Html {
  return text(String(Number(length.toFixed(2))));
}

function grid(scale: Scale, height: number): Html {
  const lines = scale.ticks.map((tick) => {
    const at = percent(placeOn(scale, tick));
    return html`<line class="${text(tick === 0 ? 'zero' : 'tick')}" x1="${at}" x2="${at}" y1="0" y2="${px(height)}"/>`;
  });
  return html`${lines}`;
}

/** Labels of every second tick, counted from zero, are hidden on narrow screens. */
function axis(scale: Scale): Html {
  const zero = scale.ticks.indexOf(0);
  const spacing = Math.max(1, Math.ceil((scale.ticks.length - 1) / 4));
  const labels = scale.ticks.map((tick, index) => {
    const isMinor = (index - zero) % spacing !== 0;
    const label = numberText(tickText(tick, scale, PERCENT));
    return html`<text class="${text(isMinor ? 'minor' : 'major')}" x="${percent(placeOn(scale, tick))}" y="14" text-anchor="middle">${label}</text>`;
  });
  return html`<svg width="100%" height="20">${labels}</svg>`;
}

function limitMark(limit: number | undefined, scale: Scale): Html {
  if (limit === undefined || placeOn(scale, limit) < 0 || placeOn(scale, limit) > 1) return NOTHING;
  const at = percent(placeOn(scale, limit));
  return html`<line class="limit" x1="${at}" x2="${at}" y1="3" y2="${px(HEIGHT - 3)}"/>`;
}

/** What goes on beyond the scale ends in an arrow. */
function bar({ lift, word }: ToldArm, scale: Scale): Html {
  if (!lift) return NOTHING;
  const extent = extentOn(scale, lift);
  const place = placeOn(scale, lift.estimate);
  const ends = extent && [
    end(extent.start, extent.isCutAtStart, 'M5,-5 L-3,0 L5,5'),
    end(extent.end, extent.isCutAtEnd, 'M-5,-5 L3,0 L-5,5'),
  ];
  const line =
    extent &&
    html`<line class="interval" x1="${percent(extent.start)}" x2="${percent(extent.end)}" y1="${px(MIDDLE)}" y2="${px(MIDDLE)}"/>`;
  const isInside = place >= 0 && place <= 1;
  const kind = text(FILLED.has(word) ? 'decided' : 'open');
  const dot = isInside
    ? html`<circle class="estimate ${kind}" cx="${percent(place)}" cy="${px(MIDDLE)}" r="5"/>`
    : NOTHING;
  return html`${line ?? NOTHING}${ends ?? NOTHING}${dot}`;
}

function end(place: number, isCut: boolean, arrow: string): Html {
  const at = percent(place);
  if (!isCut)
    return html`<line class="end" x1="${at}" x2="${at}" y1="${px(MIDDLE - 5)}" y2="${px(MIDDLE + 5)}"/>`;
  return html`<svg class="cut" x="${at}" y="${px(MIDDLE)}" width="1" height="1" overflow="visible"><path d="${text(arrow)}"/></svg>`;
}
