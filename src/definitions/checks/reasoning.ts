// What follows from conditions together: those that can never hold, and rules that nobody reaches.
import { valuesOf } from '../../engine/operators.ts';
import { claim } from '../../logic/claim.ts';
import type { Attributes } from '../../logic/literal.ts';
import type { Surroundings } from '../../logic/possible.ts';
import type { FlagDefinition, SegmentDefinition } from '../../model/definitions.gen.ts';
import { problemCodes } from '../../model/problem.ts';
import type { SegmentBody } from '../../model/snapshot.ts';
import type { Finding } from '../finding.ts';
import { DEFAULT_UNIT, segmentBody } from '../normal-form.ts';
import type { ReadFile } from '../read-file.ts';
import { declarationsOf, personalAttributes } from './attributes.ts';
import { impossibleParts, isLeaf } from './impossible.ts';
import { Reasoner } from './reasoner.ts';
import { unreachableRules } from './unreachable.ts';
import type { Report, World } from './world.ts';

/** Steps for a file, more for one that says more, but not more than some 30 ms of work. */
const STEPS = { ofFile: 10_000, ofTest: 400, most: 100_000 };

/** Only files without errors are reasoned about, and segments without errors known. */
export function checkReasoning(world: World, files: readonly ReadFile[], report: Report): void {
  const declarations = declarationsOf(world);
  const personal = personalAttributes(world);
  for (const file of files) {
    if (!isSound(file)) continue;
    for (const finding of findingsOf(file, world, declarations, personal)) report(file, finding);
  }
}

/** What was found, and all that it depends on beside the file itself. */
interface Reasoned {
  findings: readonly Finding[];
  attributes: object | undefined;
  segments: ReadonlyMap<string, ReadFile | undefined>;
}

const memo = new WeakMap<ReadFile, Reasoned>();

function findingsOf(
  file: ReadFile,
  world: World,
  declarations: Attributes,
  personal: ReadonlySet<string>,
): readonly Finding[] {
  const attributes = world.project?.attributes;
  const known = memo.get(file);
  const isStill =
    known?.attributes === attributes &&
    [...(known?.segments ?? [])].every(([key, segment]) => soundSegment(world, key) === segment);
  if (known && isStill) return known.findings;
  const segments = new Map<string, ReadFile | undefined>();
  const segment = (key: string): SegmentBody | undefined => {
    const found = soundSegment(world, key);
    segments.set(key, found);
    return found && bodyOf(found);
  };
  const findings = reason(file, { attributes: declarations, segment }, personal);
  memo.set(file, { findings, attributes, segments });
  return findings;
}

function reason(file: ReadFile, around: Surroundings, personal: ReadonlySet<string>): Finding[] {
  const { definition } = file;
  const reasoner = new Reasoner(around, stepsFor(file));
  if (definition?.kind === 'flag') return flagFindings(definition.body, reasoner, personal);
  return definition?.kind === 'segment' ? segmentFindings(definition.body, reasoner, personal) : [];
}

function stepsFor({ facts }: ReadFile): number {
  let size = 0;
  for (const { test } of facts.tests) size += 1 + valuesOf(test).length;
  return Math.min(STEPS.ofFile + size * STEPS.ofTest, STEPS.most);
}

function flagFindings(flag: FlagDefinition, reasoner: Reasoner, personal: ReadonlySet<string>): Finding[] {
  return Object.entries(flag.environments).flatMap(([name, environment]) => {
    const path = ['environments', name];
    const unit = flag.unit ?? DEFAULT_UNIT;
    // First, since whoever may reach a rule is someone for whom its condition holds.
    const findings = unreachableRules(environment, path, unit, reasoner);
    for (const [i, { if: condition }] of (environment.rules ?? []).entries()) {
      if (!condition || isLeaf(condition)) continue;
      findings.push(...impossibleParts(condition, [...path, 'rules', i, 'if'], reasoner, personal));
    }
    return findings;
  });
}

function segmentFindings(
  segment: SegmentDefinition,
  reasoner: Reasoner,
  personal: ReadonlySet<string>,
): Finding[] {
  const findings = segment.if ? impossibleParts(segment.if, ['if'], reasoner, personal) : [];
  const isPlain = segment.exclude === undefined || (segment.if && !reasoner.holdsForSome(segment.if));
  if (isPlain || reasoner.isPossible([claim({ segment: segment.segment }, true)])) return findings;
  const message = 'Nobody is in the segment: `exclude` names everyone who would be.';
  return [
    { code: 'never-holds', path: ['exclude'], message, hint: 'Correct `exclude`, or remove the segment.' },
  ];
}

function soundSegment(world: World, key: string): ReadFile | undefined {
  const file = world.segment.get(key)?.file;
  return file && isSound(file) ? file : undefined;
}

/** The lists of units as text are made once for each file. */
const bodies = new WeakMap<ReadFile, SegmentBody>();

function bodyOf(file: ReadFile): SegmentBody | undefined {
  if (file.definition?.kind !== 'segment') return undefined;
  const body = bodies.get(file) ?? segmentBody(file.definition.body);
  bodies.set(file, body);
  return body;
}

function isSound({ faults, findings }: ReadFile): boolean {
  return faults.length === 0 && findings.every(({ code }) => problemCodes[code].severity === 'warning');
}
