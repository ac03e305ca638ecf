// The one table of commands. Each is loaded only when it is asked for, so that a relay starts with a relay's code alone.
import type { CommandEntry } from './program.ts';
import { relayEntry } from './relay-entry.ts';

export const commands: CommandEntry[] = [
  { name: 'up', summary: 'run the whole system on this machine', load: () => import('./up.ts') },
  {
    name: 'new',
    summary: 'begin a definition with a commented file',
    load: () => import('./new.ts'),
  },
  {
    name: 'check',
    summary: 'find every problem in a folder of definitions',
    load: () => import('./check.ts'),
  },
  { name: 'test', summary: 'run the tests of flags', load: () => import('./test.ts') },
  {
    name: 'plan',
    summary: 'say what a change does, and to whom',
    load: () => import('./plan.ts'),
  },
  {
    name: 'approve',
    summary: 'sign a change that someone else has made',
    load: () => import('./approve.ts'),
  },
  {
    name: 'access',
    summary: 'say who may change what, and why a commit is refused',
    load: () => import('./access.ts'),
  },
  {
    name: 'evaluate',
    summary: 'decide one flag for one context, and say why',
    load: () => import('./evaluate.ts'),
  },
  {
    name: 'promote',
    summary: "copy a flag's targeting from one environment to another",
    load: () => import('./promote.ts'),
  },
  {
    name: 'experiment',
    summary: 'end an experiment, and ship an arm of it',
    load: () => import('./experiment.ts'),
  },
  {
    name: 'fmt',
    summary: 'write definitions in canonical key order and layout',
    load: () => import('./fmt.ts'),
  },
  {
    name: 'list',
    summary: 'list flags, and find those that no code reads',
    load: () => import('./list.ts'),
  },
  {
    name: 'types',
    summary: 'typed flags for TypeScript, or the OpenFeature flag manifest',
    load: () => import('./types.ts'),
  },
  {
    name: 'codeowners',
    summary: 'print CODEOWNERS from the owners of definitions',
    load: () => import('./codeowners.ts'),
  },
  {
    name: 'import',
    summary: 'take over flags from another system',
    load: () => import('./import.ts'),
  },
  { name: 'sync', summary: 'apply merged commits to PostgreSQL', load: () => import('./sync.ts') },
  relayEntry,
  {
    name: 'collect',
    summary: 'take the events of experiments into PostgreSQL',
    load: () => import('./collect.ts'),
  },
  {
    name: 'analyze',
    summary: 'say whether an experiment helped',
    load: () => import('./analyze.ts'),
  },
  {
    name: 'power',
    summary: 'say how many units an experiment needs',
    load: () => import('./power.ts'),
  },
  {
    name: 'assignment',
    summary: 'say which arm of an experiment a unit was given',
    load: () => import('./assignment.ts'),
  },
  {
    name: 'override',
    summary: 'serve one variation to everyone for a while, past git',
    load: () => import('./override.ts'),
  },
  { name: 'audit', summary: 'read and verify the audit chain', load: () => import('./audit.ts') },
  {
    name: 'migrate',
    summary: 'bring the database to the present schema',
    load: () => import('./migrate.ts'),
  },
];
