// A new flag: nobody gets anything but its safe default, in every environment.
import type { ProjectDefinition } from '../../model/definitions.gen.ts';
import { scalarText } from '../scalar-text.ts';
import { exampleCondition } from './example-condition.ts';
import { commented, fileOf, type Given, head } from './lines.ts';

export type FlagType = 'boolean' | 'string' | 'number' | 'json';

export interface NewFlag extends Given {
  type: FlagType;
  /** YYYY-MM-DD; absent for a permanent flag. */
  expires?: string;
}

/** Variations as they are written, the safe default first. A boolean flag has `on` and `off` by itself. */
const variations: Record<FlagType, { lines: string[]; off: string; on: string }> = {
  boolean: { lines: [], off: 'off', on: 'on' },
  string: named('control', 'treatment'),
  number: named('0', '1'),
  json: named('{ enabled: false }', '{ enabled: true }'),
};

function named(control: string, treatment: string): { lines: string[]; off: string; on: string } {
  const lines = [
    commented('variations:', 'the values by name; choose names that say what they mean'),
    `  control: ${control}`,
    `  treatment: ${treatment}`,
  ];
  return { lines, off: 'control', on: 'treatment' };
}

/** The text of the flag's file. */
export function newFlag(flag: NewFlag, project: ProjectDefinition): string {
  const { lines, off, on } = variations[flag.type];
  const names = Object.keys(project.environments);
  const life =
    flag.expires === undefined
      ? 'permanent: true'
      : commented(`expires: ${flag.expires}`, 'or `permanent: true`, for a flag that stays');
  return fileOf([
    ...head('flag', flag, 'what it does, for the people who read it in a year'),
    life,
    commented(`type: ${flag.type}`, 'boolean | string | number | json'),
    ...lines,
    commented(`off: ${off}`, 'served while disabled, or when a requirement is unmet'),
    commented('environments:', 'an environment that is not named here is disabled'),
    ...names.flatMap((name, index) => [
      `  ${scalarText(name, false)}:`,
      ...(index === names.length - 1 ? exampleRules(project, on) : []),
      `    serve: ${off}`,
    ]),
  ]);
}

function exampleRules(project: ProjectDefinition, on: string): string[] {
  return [
    commented('    # rules:', 'the first rule that holds decides'),
    '    #   - name: a first ramp',
    `    #     if: ${exampleCondition(project)}`,
    `    #     then: { serve: ${on}, percent: 10 }`,
  ];
}
