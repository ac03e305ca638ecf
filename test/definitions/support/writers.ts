// What many cases write: a segment, an experiment, a flag that uses them.
import { flag, flagIf } from './project.ts';

export const segment = (key: string, rest: string) => `segment: ${key}\n${rest}\n`;
export const uses = (...segments: string[]) =>
  flagIf('uses', `{ or: [${segments.map((key) => `{ segment: ${key} }`).join(', ')}] }`);
export const experiment = (key: string, more: string) => `experiment: ${key}
flag: f
status: draft
environments: [prod]
${more.includes('arms:') ? '' : 'arms: [{ variation: off, weight: 50 }, { variation: on, weight: 50 }]\n'}${more}
`;
/** A running experiment that says what it expects, and the lines that are given. */
export const running = (key: string, ...more: string[]) =>
  `${experiment(key, more.join('\n')).replace('draft', 'running')}hypothesis: It helps.\n`;
export const metric = (...lines: string[]) => `metric: m\ndirection: increase\n${lines.join('\n')}\n`;
export const usedBy = (...keys: string[]) =>
  flag('f', `rules:\n${keys.map((key) => `  - { name: ${key}, then: { experiment: ${key} } }`).join('\n')}`);
export const test = (condition: string) => ({ 'f.yaml': flagIf('f', condition) });
