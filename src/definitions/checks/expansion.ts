// How far references reach: circles are refused, and so is a flag that, written out, has too many conditions.
import { ticked } from '../../lib/printable.ts';
import type { ReadFile } from '../read-file.ts';
import { limits } from '../source-file.ts';
import type { Referable } from './facts.ts';
import { components, wayAround } from './graph.ts';
import type { Report, World } from './world.ts';

type Edges = Map<string, string[]>;

/** False where there are circles, so that nothing can be written out. */
export function checkExpansion(world: World, report: Report): boolean {
  const segments = edgesOf(world.segment, 'segment');
  const flags = edgesOf(world.flag, 'flag');
  const segmentOrder = ordered(segments, world.segment, 'segment', report);
  const flagOrder = ordered(flags, world.flag, 'flag', report);
  if (!segmentOrder || !flagOrder) return false;
  if (!world.project) return true;
  const segmentSizes = new Map<string, number>();
  for (const key of segmentOrder)
    segmentSizes.set(key, ownSize(world.segment.get(key)?.file, '', segmentSizes));
  for (const environment of Object.keys(world.project.environments)) {
    const sizes = new Map<string, number>();
    for (const key of flagOrder) {
      const file = world.flag.get(key)?.file;
      const required = (flags.get(key) ?? []).reduce((sum, flag) => sum + (sizes.get(flag) ?? 0), 0);
      const size = ownSize(file, environment, segmentSizes) + required;
      sizes.set(key, size);
      if (file && size > limits.expandedConditions) report(file, tooLarge(key, environment));
    }
  }
  return true;
}

function tooLarge(key: string, environment: string) {
  const most = limits.expandedConditions.toLocaleString('en');
  return {
    code: 'expansion-too-large' as const,
    path: ['flag'],
    message: `With its segments and requirements written out, ${ticked(key)} has more than ${most} conditions in ${ticked(environment)}.`,
    hint: 'Let segments refer to fewer others.',
  };
}

/** Conditions in one environment, segments written out. Sums saturate at infinity, which is large enough. */
function ownSize(
  file: ReadFile | undefined,
  environment: string,
  segmentSizes: ReadonlyMap<string, number>,
): number {
  if (!file) return 0;
  let size = file.facts.conditionCounts.get(environment) ?? 0;
  for (const { to, key, environment: where } of file.facts.references) {
    if (to === 'segment' && where === environment) size += segmentSizes.get(key) ?? 0;
  }
  return size;
}

function edgesOf(entries: ReadonlyMap<string, { file: ReadFile }>, kind: Referable): Edges {
  return new Map(
    Array.from(entries, ([key, { file }]) => [
      key,
      file.facts.references.flatMap((reference) => (reference.to === kind ? [reference.key] : [])),
    ]),
  );
}

/** The keys, each after those that it refers to; undefined, with a report, where they go around in circles. */
function ordered(
  edges: Edges,
  entries: ReadonlyMap<string, { file: ReadFile }>,
  kind: 'segment' | 'flag',
  report: Report,
): string[] | undefined {
  const { order, circles } = components(edges);
  for (const circle of circles) {
    const way = wayAround(circle, edges);
    const [first = '', second = first] = way;
    const file = entries.get(first)?.file;
    const reference = file?.facts.references.find(({ to, key }) => to === kind && key === second);
    if (!file || !reference) continue;
    const shown = way.length <= 8 ? way : [...way.slice(0, 6), '…', ...way.slice(-1)];
    const chain = [...shown, first].map((key) => `\`${key}\``).join(' → ');
    const [code, verb] =
      kind === 'flag'
        ? (['requirement-cycle', 'require'] as const)
        : (['segment-cycle', 'refer to'] as const);
    const message = `These ${kind}s ${verb} each other in a circle: ${chain}.`;
    report(file, { code, path: reference.path, message, hint: 'Remove one of these references.' });
  }
  return circles.length > 0 ? undefined : order;
}
