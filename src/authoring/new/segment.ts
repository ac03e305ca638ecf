// A new segment: nobody is in it yet.
import type { ProjectDefinition } from '../../model/definitions.gen.ts';
import { exampleCondition } from './example-condition.ts';
import { commented, fileOf, type Given, head } from './lines.ts';

/** The text of the segment's file. */
export function newSegment(segment: Given, project: ProjectDefinition): string {
  return fileOf([
    ...head('segment', segment, 'who these people are'),
    commented('include: []', 'units that are always in'),
    commented('# exclude: []', 'units that are never in; wins over include'),
    '# who else is in:',
    `# if: ${exampleCondition(project)}`,
  ]);
}
