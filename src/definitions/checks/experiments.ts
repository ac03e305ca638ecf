// Experiments and their flags: arms that exist, a rule that sends units there, layers that are shared fairly.
import { printable, ticked } from '../../lib/printable.ts';
import type { ReadFile } from '../read-file.ts';
import { hintFor } from '../suggest.ts';
import { at } from './facts.ts';
import { hundredths } from './shares.ts';
import { variationsOf } from './walk.ts';
import type { Entry, Report, World } from './world.ts';

export function checkExperiments(world: World, files: readonly ReadFile[], report: Report): void {
  const uses = new Set<string>();
  for (const file of files) {
    const { definition } = file;
    if (definition?.kind !== 'flag') continue;
    for (const reference of file.facts.references) {
      if (reference.to !== 'experiment') continue;
      const owner = world.experiment.get(reference.key)?.body.flag;
      if (owner === definition.key) uses.add(`${reference.environment}\t${reference.key}`);
      if (owner === undefined || owner === definition.key) continue;
      const message = `The experiment ${ticked(reference.key)} belongs to the flag ${ticked(owner)}, not to ${ticked(definition.key)}.`;
      const hint = 'Use an experiment of this flag, or write one.';
      report(file, at(reference, { code: 'experiment-of-another-flag', message, hint }));
    }
  }
  for (const experiment of world.experiment.values()) {
    checkArms(experiment, world, report);
    checkUse(experiment, uses, world, report);
    checkGuardrails(experiment, world, report);
  }
  checkLayers(world, report);
}

function checkArms({ file, body }: Entry<'experiment'>, world: World, report: Report): void {
  const flag = world.flag.get(body.flag);
  if (!flag) return;
  const names = Object.keys(variationsOf(flag.body));
  for (const [i, { variation }] of body.arms.entries()) {
    if (names.includes(variation)) continue;
    const hint = hintFor(variation, names, 'Name one of its variations.', 'Its variations');
    report(file, {
      code: 'arm-not-a-variation',
      path: ['arms', i, 'variation'],
      message: `The arm ${ticked(variation)} is not a variation of the flag ${ticked(body.flag)}.`,
      hint,
    });
  }
}

function checkUse(
  { file, key, body }: Entry<'experiment'>,
  uses: ReadonlySet<string>,
  world: World,
  report: Report,
): void {
  if (body.status !== 'running' || !world.flag.has(body.flag)) return;
  if (body.environments.some((environment) => uses.has(`${environment}\t${key}`))) return;
  const where = printable(body.environments.join(', '), 200);
  report(file, {
    code: 'experiment-not-used',
    path: ['status'],
    message: `The experiment is running, but no rule of the flag ${ticked(body.flag)} uses it in ${where}.`,
    hint: `Add a rule with \`then: { experiment: ${key} }\`, or set the status to \`draft\`.`,
  });
}

/** Guardrails of which it could never be said that they are safe. */
function checkGuardrails({ file, body }: Entry<'experiment'>, world: World, report: Report): void {
  if (body.status !== 'running') return;
  for (const [i, key] of (body.metrics?.guardrails ?? []).entries()) {
    const metric = world.metric.get(key)?.body;
    if (!metric || metric.margin !== undefined) continue;
    const message = `The guardrail ${ticked(key)} has no margin, so a report can never call it safe.`;
    const hint = 'Add `margin:` to the metric: 0.01 accepts a loss of 1 % of the baseline.';
    report(file, { code: 'guardrail-without-margin', path: ['metrics', 'guardrails', i], message, hint });
  }
}

type Placed = Entry<'experiment'> & { from: number; to: number };

function checkLayers(world: World, report: Report): void {
  const layers = new Map<string, Placed[]>();
  for (const entry of world.experiment.values()) {
    const { layer, slot, status } = entry.body;
    // A stopped experiment has left its place to the next one.
    if (layer === undefined || !slot || status === 'stopped') continue;
    const placed = { ...entry, from: hundredths(slot.from), to: hundredths(slot.to) };
    const members = layers.get(layer);
    if (members) members.push(placed);
    else layers.set(layer, [placed]);
  }
  for (const [layer, members] of layers) {
    checkUnits(layer, members, report);
    checkSlots(layer, members, report);
  }
}

function checkUnits(layer: string, members: readonly Placed[], report: Report): void {
  const [first] = members;
  for (const { file, body } of members) {
    const [unit, expected] = [body.unit ?? 'targetingKey', first?.body.unit ?? 'targetingKey'];
    if (unit === expected) continue;
    report(file, {
      code: 'layer-units-differ',
      path: body.unit === undefined ? ['layer'] : ['unit'],
      message: `The unit is ${ticked(unit)}, but ${ticked(first?.key ?? '')} in the layer ${ticked(layer)} has ${ticked(expected)}: expected one unit for all.`,
      hint: 'Write the same `unit` in all of them, or use another layer.',
    });
  }
}

/** By environment, in the order of their starts: whoever starts before the farthest end so far overlaps. */
function checkSlots(layer: string, members: readonly Placed[], report: Report): void {
  const sorted = members.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from || a.to - b.to);
  const farthest = new Map<string, Placed>();
  for (const member of sorted) {
    let other: Placed | undefined;
    for (const environment of member.body.environments) {
      const before = farthest.get(environment);
      if (before && before.to > member.from) other ??= before;
      if (!before || before.to < member.to) farthest.set(environment, member);
    }
    if (!other) continue;
    const message = `The slot overlaps with that of ${ticked(other.key)} in the layer ${ticked(layer)}, which is [${other.from / 100}, ${other.to / 100}).`;
    const hint = `Begin at ${other.to / 100} or later, or use another layer.`;
    report(member.file, { code: 'slots-overlap', path: ['slot'], message, hint });
  }
}
