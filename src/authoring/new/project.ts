// A new project: its name, its environments, and a salt for each.
import { scalarText } from '../scalar-text.ts';
import { commented, editorLine, fileOf } from './lines.ts';

export interface NewProject {
  /** organization/project */
  name: string;
  /** Salts by environment, in the order of promotion. */
  salts: ReadonlyMap<string, string>;
  schema?: string;
}

/** The text of project.yaml. */
export function newProject({ name, salts, schema }: NewProject): string {
  const keys = [...salts.keys()].map((key) => scalarText(key, false));
  const width = Math.max(...keys.map(({ length }) => length)) + 2;
  const environments = [...salts.values()].map(
    (salt, index) => `  ${`${keys[index]}:`.padEnd(width)}{ salt: ${JSON.stringify(salt)} }`,
  );
  const [first = '', ...others] = environments;
  return fileOf([
    ...editorLine(schema),
    commented(`project: ${name}`, 'organization/project; it never changes'),
    commented('environments:', 'in the order of promotion'),
    commented(first, 'part of every bucket: changing it reshuffles everyone'),
    ...others,
    commented('# attributes:', 'what apps may say about a subject; conditions are checked against it'),
    '#   country: { type: string, values: [US, CA, DE, FR] }',
    '#   appVersion: { type: semver }',
    commented('#   email: { type: string, personal: true }', 'never leaves the relay unhashed'),
  ]);
}
