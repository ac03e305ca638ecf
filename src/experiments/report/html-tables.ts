// The tables of a page. On narrow screens each row becomes a card; roles keep them tables for assistive technology.
import { type Html, html, NOTHING, nameText, numberText, saidPlain, text } from './html-text.ts';
import { levelOf, type ToldArm, wordText } from './metric.ts';
import type { ToldTable } from './tables.ts';
import type { Told } from './told.ts';

const ROLES = { primary: 'decides', secondary: 'secondary', guardrail: 'guardrail' } as const;

/** A column: what its cells are called on a card, too. */
interface Column {
  title: string;
  isNumber?: true;
}

/** A table of columns, the first cell of each row being its header. */
function table(caption: string, columns: readonly Column[], bodies: readonly Html[]): Html {
  const heads = columns.map(
    ({ title, isNumber }) =>
      html`<th scope="col" role="columnheader"${isNumber ? html` class="n"` : NOTHING}>${title === '' ? html`<span class="unseen">Judgement</span>` : text(title)}</th>`,
  );
  return html`<table class="cards" role="table"><caption>${text(caption)}</caption><thead role="rowgroup"><tr role="row">${heads}</tr></thead>
${bodies}</table>
`;
}

function row(columns: readonly Column[], first: Html, cells: readonly Html[]): Html {
  const rest = cells.map((cell, index) => {
    const { title = '', isNumber } = columns[index + 1] ?? {};
    const classes = [isNumber ? 'n' : '', cell === '' ? 'empty' : ''].filter(Boolean).join(' ');
    return html`<td role="cell" class="${text(classes)}" data-label="${text(title)}">${cell}</td>`;
  });
  return html`<tr role="row"><th scope="row" role="rowheader">${first}</th>${rest}</tr>
`;
}

export function resultsSection({ metrics }: Told): Html {
  const isAdjusted = metrics.some((metric) => metric.isAdjusted);
  const columns: Column[] = [
    { title: 'Arm' },
    { title: 'Units', isNumber: true },
    { title: 'Value', isNumber: true },
    { title: 'Change', isNumber: true },
    { title: `${levelOf(metrics)} interval`, isNumber: true },
    ...(isAdjusted ? [{ title: 'p', isNumber: true } as const] : []),
    { title: isAdjusted ? 'adjusted p' : 'p', isNumber: true },
    { title: '' },
  ];
  const groups = metrics.map((metric) => ({
    metric,
    arms: [metric.baseline, ...metric.arms].map((arm) => ({
      arm,
      cells: cellsOf(arm, isAdjusted),
    })),
  }));
  // What nobody has an entry for is no column: intervals and p-values before their time, say.
  const isUsed = (index: number) =>
    groups.some(({ arms }) => arms.some(({ cells }) => cells[index - 1] !== ''));
  const used = columns.filter((_, index) => index === 0 || isUsed(index));
  const bodies = groups.map(({ metric, arms }) => {
    const rows = arms.map(({ arm, cells }) =>
      row(
        used,
        nameText(arm.arm),
        cells.filter((_, index) => isUsed(index + 1)),
      ),
    );
    return html`<tbody role="rowgroup"><tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${text(String(used.length))}">${nameText(metric.metric)} <span class="role">${text(ROLES[metric.role])}</span> <small>${text(metric.about)}</small></th></tr>
${rows}</tbody>
`;
  });
  return html`<section aria-labelledby="results"><h2 id="results">Results</h2>
${table('Each metric: the baseline first, then the arms that are compared with it.', used, bodies)}</section>
`;
}

function cellsOf(arm: ToldArm, isAdjusted: boolean): Html[] {
  const word =
    arm.word === ''
      ? NOTHING
      : html`<span class="word ${wordClass(arm.word)}">${numberText(wordText(arm))}</span>`;
  const missing = arm.missing === '' ? NOTHING : html` <small>${text(arm.missing)}</small>`;
  const p = arm.adjustedP || arm.p;
  return [
    ...[arm.units, arm.value, arm.change, arm.interval, ...(isAdjusted ? [arm.p] : []), p].map(numberText),
    html`${word}${missing}`,
  ];
}

function wordClass(word: string): Html {
  if (word === 'better' || word === 'safe') return text('good');
  return text(word === 'worse' || word === 'harm' ? 'bad' : 'unsure');
}

/** The first cell of each row is its header. */
export function toldTable(caption: string, { columns, rows }: ToldTable): Html {
  const lines = rows.map(([first = [], ...rest]) => row(columns, saidPlain(first), rest.map(saidPlain)));
  return table(caption, columns, [html`<tbody role="rowgroup">${lines}</tbody>`]);
}

/** Nothing where no planned look was taken. */
export function looksSection({ looks }: Told): Html {
  if (looks.rows.length === 0) return NOTHING;
  return html`<section aria-labelledby="looks"><h2 id="looks">Planned looks</h2>
${toldTable('What each look saw, and the boundary that it was held against.', looks)}</section>
`;
}
