// References between files: each names a definition, an environment or a variation that exists, and each segment is used.
import { printable, ticked } from '../../lib/printable.ts';
import type { ReadFile } from '../read-file.ts';
import { hintFor } from '../suggest.ts';
import { at, type Reference } from './facts.ts';
import { variationsOf } from './walk.ts';
import type { Report, World } from './world.ts';

export function checkReferences(world: World, files: readonly ReadFile[], report: Report): void {
  const environments = world.project && new Set(Object.keys(world.project.environments));
  const usedSegments = new Set<string>();
  for (const file of files) {
    for (const reference of file.facts.references) {
      if (reference.to === 'segment') usedSegments.add(reference.key);
      if (reference.to === 'environment') checkEnvironment(reference, environments, file, world, report);
      else checkDefinition(reference, file, world, report);
    }
  }
  for (const { file, key } of world.segment.values()) {
    if (usedSegments.has(key)) continue;
    const message = `Nothing refers to the segment ${ticked(key)}.`;
    report(file, { code: 'segment-not-used', path: ['segment'], message, hint: 'Use it or remove it.' });
  }
}

function checkEnvironment(
  reference: Reference,
  environments: ReadonlySet<string> | undefined,
  file: ReadFile,
  world: World,
  report: Report,
): void {
  if (!environments || environments.has(reference.key)) return;
  const hint = world.suggestions.hintFor(reference.key, environments, 'Add it there.');
  const message = `project.yaml has no environment ${ticked(reference.key)}.`;
  report(file, at(reference, { code: 'unknown-environment', message, hint }));
}

function checkDefinition(reference: Reference, file: ReadFile, world: World, report: Report): void {
  const { to, key, variation } = reference;
  if (to === 'environment') return;
  const known: ReadonlyMap<string, unknown> = world[to];
  if (!known.has(key)) {
    if (world.unread.has(key)) return;
    const create = `Write ${printable(key)}.yaml, which begins with \`${to}: ${printable(key)}\`.`;
    const hint = world.suggestions.hintFor(key, known, create);
    const message = `There is no ${to} ${ticked(key)}.`;
    report(file, at(reference, { code: `unknown-${to}`, message, hint }));
    return;
  }
  const required = to === 'flag' && variation !== undefined ? world.flag.get(key) : undefined;
  if (!required || variation === undefined) return;
  const names = Object.keys(variationsOf(required.body));
  if (names.includes(variation)) return;
  const hint = hintFor(variation, names, 'Name one of its variations.', 'Its variations');
  report(file, {
    code: 'unknown-variation',
    path: [...reference.path.slice(0, -1), 'variation'],
    message: `The flag ${ticked(key)} has no variation ${ticked(variation)}.`,
    hint,
  });
}
