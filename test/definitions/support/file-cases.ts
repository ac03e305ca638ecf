// Files whose names say too much, or nothing.
import type { Case } from './case.ts';
import { flag, PROJECT } from './project.ts';

export const fileCases: Case[] = [
  { title: 'a .yml file', files: { 'a.yml': 'flag: a' }, problems: ['wrong-extension a.yml:1:1 flag:'] },
  { title: 'a .YAML file', files: { 'a.YAML': 'flag: a' }, problems: ['wrong-extension a.YAML:1:1 flag:'] },
  {
    title: 'a .yml file of tests',
    files: { 'a.test.yml': '' },
    problems: ['wrong-extension a.test.yml:1:1'],
  },
  {
    title: 'an access policy',
    files: { 'access.yaml': 'access: 1' },
    problems: ['access-not-enforced access.yaml:1:1 access:'],
  },
  {
    title: 'a second project.yaml',
    files: { 'a/project.yaml': PROJECT },
    problems: ['reserved-name a/project.yaml:1:1 project:'],
  },
  {
    title: 'an access.yaml in a folder',
    files: { 'a/access.yaml': '' },
    problems: ['reserved-name a/access.yaml:1:1'],
  },
  {
    title: 'a project in another file',
    files: { 'p.yaml': PROJECT },
    problems: ['misplaced-definition p.yaml:1:1 project:'],
  },
  {
    title: 'a flag in project.yaml',
    files: { 'project.yaml': flag('project') },
    problems: ['misplaced-definition project.yaml:1:1 flag:', 'reserved-name project.yaml:1:7 project'],
  },
  {
    title: 'an access policy in another file',
    files: { 'a.yaml': 'access: 1' },
    problems: ['misplaced-definition a.yaml:1:1 access:'],
  },
  {
    title: 'a file over 256 KB',
    files: { 'a.yaml': `#${' '.repeat(256 * 1024)}` },
    problems: ['file-too-large a.yaml:1:1 #'],
  },
];
