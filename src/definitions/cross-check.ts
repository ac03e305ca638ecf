// The checks that look at all definitions together.
import { checkAccess } from './checks/access-people.ts';
import { checkAttributes, personalAttributes } from './checks/attributes.ts';
import { checkExpansion } from './checks/expansion.ts';
import { checkExperiments } from './checks/experiments.ts';
import { checkReasoning } from './checks/reasoning.ts';
import { checkReferences } from './checks/references.ts';
import { type Report, worldOf } from './checks/world.ts';
import { Few } from './few.ts';
import type { Finding } from './finding.ts';
import type { ReadFile } from './read-file.ts';

export interface CrossChecked {
  findings: ReadonlyMap<ReadFile, readonly Finding[]>;
  /** How many more of a file there are than are kept. */
  omitted: ReadonlyMap<ReadFile, number>;
  /** Attributes whose values no message may quote. */
  personal: ReadonlySet<string>;
}

/** `files` are sorted by path; `unreadPaths` are those whose content was refused unread. */
export function crossCheck(files: readonly ReadFile[], unreadPaths: readonly string[]): CrossChecked {
  const found = new Map<ReadFile, Few<Finding>>();
  const report: Report = (file, finding) => {
    const there = found.get(file);
    if (there) there.add(finding);
    else found.set(file, new Few([finding]));
  };
  const world = worldOf(files, unreadPaths, report);
  checkReferences(world, files, report);
  checkAttributes(world, files, report);
  checkExperiments(world, files, report);
  checkAccess(world, report);
  if (checkExpansion(world, report)) checkReasoning(world, files, report);
  const findings = new Map(Array.from(found, ([file, { kept }]) => [file, kept]));
  const omitted = new Map(Array.from(found, ([file, few]) => [file, few.omitted]));
  return { findings, omitted, personal: personalAttributes(world) };
}
