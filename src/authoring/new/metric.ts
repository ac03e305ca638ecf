// A new metric: of one event, or of the ratio of two.
import type { MetricDefinition } from '../../model/definitions.gen.ts';
import { scalarText } from '../scalar-text.ts';
import { commented, fileOf, type Given, head } from './lines.ts';

export interface NewMetric extends Given {
  type: MetricDefinition['type'];
  direction: MetricDefinition['direction'];
  /** The event that apps track. */
  event: string;
}

/** The text of the metric's file. */
export function newMetric(metric: NewMetric): string {
  const { type, direction } = metric;
  const event = scalarText(metric.event, false);
  const isRatio = type === 'ratio';
  return fileOf([
    ...head('metric', metric, 'what is counted, in words'),
    ...(isRatio ? [] : [commented(`event: ${event}`, 'the event that apps track')]),
    commented(`type: ${type}`, 'binary | count | mean | ratio'),
    commented(`direction: ${direction}`, 'the good direction: increase | decrease'),
    ...(type === 'mean' ? [commented('value: amount', 'the property of the event that is averaged')] : []),
    ...(type === 'count'
      ? [commented('# value: amount', 'sums this property instead of counting events')]
      : []),
    ...(isRatio ? [commented(`numerator: ${event}`, 'the event above the line')] : []),
    ...(isRatio
      ? [commented(`denominator: ${scalarText(`${metric.event}-started`, false)}`, 'the event below it')]
      : []),
    commented('window: 7d', 'counted this long after the first exposure'),
  ]);
}
