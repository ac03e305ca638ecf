// An import's report for people: what is not the same, grouped by the reason, with the places that it is for.
import { type Imported, type ReportItem, type ReportKind, reportKinds } from '../../import/imported.ts';
import { printable } from '../../lib/printable.ts';
import { counted, styled } from '../terminal.ts';

const headings: Readonly<Record<ReportKind, string | undefined>> = {
  'left-out': 'Left out: the app’s own default stands',
  changed: 'Carried over, but not the same for everyone',
  're-dealt': 'Shares kept, units dealt anew',
  renamed: 'Renamed',
  ignored: 'Not carried over, without effect on what is served',
  kept: undefined,
};

/** More places of one reason are counted. */
const MOST_PLACES = 20;

export function reportLines({ report }: Imported): string[] {
  return reportKinds.flatMap((kind) => {
    const heading = headings[kind];
    const items = report.filter((item) => item.kind === kind);
    if (heading === undefined || items.length === 0) return [];
    const style = kind === 'left-out' ? 'red' : kind === 'changed' ? 'yellow' : 'bold';
    return ['', `${styled(style, heading)}:`, ...groupLines(items)];
  });
}

function groupLines(items: readonly ReportItem[]): string[] {
  const byReason = Map.groupBy(items, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, group]) => {
    const places = [...new Set(group.map(({ what }) => printable(what, 200)))];
    const more = places.length - MOST_PLACES;
    const named = places.slice(0, MOST_PLACES).join(', ') + (more > 0 ? ` and ${more} more` : '');
    return [`  ${named}`, `    ${styled('dim', printable(reason, 500))}`];
  });
}

/** `13 flags, 1 segment`. */
export function whatCame({ definitions }: Imported): string {
  const count = (kind: string) => definitions.filter((definition) => definition.kind === kind).length;
  const others = (['segment', 'experiment'] as const).filter((kind) => count(kind) > 0);
  return [counted(count('flag'), 'flag'), ...others.map((kind) => counted(count(kind), kind))].join(', ');
}
