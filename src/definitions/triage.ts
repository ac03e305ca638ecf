// Which files of a folder are definitions, judged by their names alone, and what is wrong with the others.
import { printable, ticked } from '../lib/printable.ts';
import type { Problem } from '../model/problem.ts';
import type { Fault } from './finding.ts';
import { wholeFileProblem } from './place.ts';
import { limits, type SourceFile } from './source-file.ts';

export interface Triage {
  /** Files to read, sorted by path. */
  wanted: { path: string; content: Uint8Array }[];
  problems: Problem[];
  /** Paths of files that were refused unread. Each might define what others refer to. */
  unread: string[];
}

export function triage(files: readonly SourceFile[]): Triage {
  const result: Triage = { wanted: [], problems: [], unread: [] };
  const candidates = files.filter(({ path, kind }) => kind !== 'file' || /\.ya?ml$/i.test(path));
  const tooMany = excess(candidates);
  if (tooMany) return { ...result, problems: [wholeFileProblem('project.yaml', tooMany)] };
  const places = new Map<string, string>();
  for (const file of candidates.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const fault = faultOf(file) ?? collision(file.path, places);
    if (fault) {
      result.problems.push(wholeFileProblem(file.path, fault));
      result.unread.push(file.path);
    } else if (file.kind === 'file' && !isTestFile(file.path)) result.wanted.push(file);
  }
  if (!candidates.some(({ path }) => path === 'project.yaml')) {
    const message = 'There is no project.yaml at the root of the folder.';
    const hint =
      'Create it with `project: organization/name` and `environments:`, or point --path at the right folder.';
    result.problems.push(wholeFileProblem('project.yaml', { code: 'project-missing', message, hint }));
  }
  return result;
}

/** Faults of the folder as a whole: then no file of it is read. */
function excess(candidates: readonly SourceFile[]): Omit<Fault, 'offset'> | undefined {
  if (candidates.length > limits.files) {
    const message = `The folder has more than ${limits.files.toLocaleString('en')} YAML files.`;
    return { code: 'too-many-files', message, hint: SPLIT };
  }
  const sizeBytes = candidates.reduce((sum, file) => sum + Math.min(sizeOf(file), limits.fileBytes), 0);
  if (sizeBytes <= limits.folderBytes) return undefined;
  const message = `The folder's YAML files are more than ${limits.folderBytes / 1024 / 1024} MB together.`;
  return { code: 'folder-too-large', message, hint: SPLIT };
}

const SPLIT = 'Remove what nobody needs any more, or split the folder into several projects.';

function sizeOf(file: SourceFile): number {
  if (file.kind === 'oversized') return file.sizeBytes;
  return file.kind === 'file' ? file.content.length : 0;
}

export function isTestFile(path: string): boolean {
  return path.endsWith('.test.yaml');
}

/** A disk that tells letters apart by neither case nor encoding keeps one of two such files: whoever checks there misses one. */
function collision(path: string, places: Map<string, string>): Omit<Fault, 'offset'> | undefined {
  const place = path.normalize('NFC').toLowerCase();
  const other = places.get(place);
  places.set(place, path);
  if (other === undefined) return undefined;
  const message = `Many a disk takes this file and ${ticked(other)} for one.`;
  return { code: 'path-collision', message, hint: 'Give one of them, or its folder, another name.' };
}

function faultOf(file: SourceFile): Omit<Fault, 'offset'> | undefined {
  const { path, kind } = file;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (kind === 'unlisted') {
    const message = `This is not looked into: it lies more than ${limits.folderDepth} folders deep, its path is too long, or there is too much around it.`;
    return {
      code: 'folder-not-listed',
      message,
      hint: 'Move what is needed further up, and remove the rest.',
    };
  }
  if (kind === 'link') {
    const message = 'This is a symbolic link, which is not followed.';
    return { code: 'link-refused', message, hint: 'Put the file itself here.' };
  }
  if (kind === 'submodule') {
    const message = 'This is a submodule, which is not read.';
    return { code: 'submodule-refused', message, hint: 'Put the files themselves here.' };
  }
  if (!path.endsWith('.yaml')) {
    const hint = `Rename it to ${ticked(name.replace(/\.ya?ml$/i, '.yaml'))}.`;
    return { code: 'wrong-extension', message: `The file ${printable(name)} does not end in .yaml.`, hint };
  }
  if (isTestFile(path)) return undefined;
  const isReserved = name === 'project.yaml' || name === 'access.yaml';
  if (isReserved && path !== name) {
    const message = `${name} exists at the root alone: its name is reserved.`;
    return { code: 'reserved-name', message, hint: 'Rename it, or move it to the root.' };
  }
  return tooLarge(file);
}

/** Of a file that is not read for its size. */
export function tooLarge(file: SourceFile): Omit<Fault, 'offset'> | undefined {
  if (file.kind === 'file' && sizeOf(file) <= limits.fileBytes) return undefined;
  const message = `The file has more than ${limits.fileBytes / 1024} KB.`;
  return { code: 'file-too-large', message, hint: 'Split it, or move long lists of units to an attribute.' };
}
