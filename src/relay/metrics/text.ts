// Prometheus' text format, written in short slices: a relay with many flags has tens of thousands of series.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/

export type Labels = { readonly [name: string]: string };

/** A value with its labels. `part` is what a histogram's series add to the name: `_bucket`, `_sum` or `_count`. */
export type Sample = readonly [value: number, labels?: Labels, part?: string];

/** One row of the table of metrics. */
export interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** The values now. */
  read: () => Iterable<Sample> | Promise<Iterable<Sample>>;
}

export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** So many lines are written between two looks at the clock. */
const LINES_A_STEP = 64;

/** The lines of a metric: its help, its type, and its samples. Yields now and then, for `inSlices`. */
export function* textOf(
  { name, help, type }: Metric,
  samples: Iterable<Sample>,
): Generator<void, string, undefined> {
  const written: string[] = [];
  let lines = [`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`];
  for (const [value, labels, part = ''] of samples) {
    lines.push(`${name}${part}${labels ? labelsText(labels) : ''} ${value}\n`);
    if (lines.length < LINES_A_STEP) continue;
    // Joined here, so that the end has less to do at once.
    written.push(lines.join(''));
    lines = [];
    yield;
  }
  return written.join('') + lines.join('');
}

function labelsText(labels: Labels): string {
  let text = '';
  for (const name in labels) {
    text += `${text === '' ? '{' : ','}${name}="${escaped(labels[name] as string)}"`;
  }
  return text === '' ? '' : `${text}}`;
}

function escaped(value: string): string {
  if (!/["\\\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
