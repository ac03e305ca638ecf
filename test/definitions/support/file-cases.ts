// Files whose names say too much, or nothing.
import type { Case } from './case.ts';
import { ACCESS, flag, PROJECT } from './project.ts';

export const fileCases: Case[] = [
  { title: 'a .yml file', files: { 'a.yml': 'flag: a' }, problems: ['wrong-extension a.yml:1:1 flag:'] },
  { title: 'a .YAML file', files: { 'a.YAML': 'flag: a' }, problems: ['wrong-extension a.YAML:1:1 flag:'] },
  {
    title: 'a .yml file of tests',
    files: { 'a.test.yml': '' },
    problems: ['wrong-extension a.test.yml:1:1'],
  },
  {
    title: 'files whose folders differ in the case of letters',
    files: { 'A/a.yaml': flag('a'), 'a/a.yaml': 'flag: [' },
    problems: ['path-collision a/a.yaml:1:1 flag:'],
  },
  {
    title: 'files of tests that differ in the case of letters, and in how Unicode writes them',
    files: { 'É/a.test.yaml': '', 'e\u0301/A.test.yaml': '' },
    problems: ['path-collision É/a.test.yaml:1:1'],
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
    files: { 'a.yaml': ACCESS },
    problems: ['misplaced-definition a.yaml:1:1 access:'],
  },
  {
    title: 'a project in access.yaml',
    files: { 'access.yaml': PROJECT },
    problems: ['misplaced-definition access.yaml:1:1 project:'],
  },
  {
    title: 'a flag in access.yaml',
    files: { 'access.yaml': flag('access') },
    problems: ['misplaced-definition access.yaml:1:1 flag:', 'reserved-name access.yaml:1:7 access'],
  },
  {
    title: 'an access policy that begins with its people',
    files: { 'access.yaml': ACCESS.replace(/^(access: 1\n)(people: .*\n)/, '$2$1') },
    problems: ['not-a-definition access.yaml:1:1 people:'],
  },
  {
    title: 'an access.yaml that says nothing of the sort',
    files: { 'access.yaml': 'policy: 1\n' },
    problems: ['not-a-definition access.yaml:1:1 policy:'],
  },
  {
    title: 'an access policy that names nobody and has no rules',
    files: { 'access.yaml': 'access: 2\npeople: {}\nrules: []\n' },
    problems: [
      'wrong-value access.yaml:1:9 2',
      'wrong-value access.yaml:2:9 {',
      'wrong-value access.yaml:3:8 [',
    ],
  },
  {
    title: 'a file over 256 KB',
    files: { 'a.yaml': `#${' '.repeat(256 * 1024)}` },
    problems: ['file-too-large a.yaml:1:1 #'],
  },
];
