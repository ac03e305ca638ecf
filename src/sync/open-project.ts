// Puts together what a project is synced with, as the options of sync name it: the mirror, its branch, and the evidence.
import { Mirror } from '../git/mirror.ts';
import type { GitSource } from '../git/source.ts';
import { Branch } from './branch.ts';
import { evidenceGatherer } from './evidence/gather.ts';
import type { SyncOptions } from './options.ts';
import { ProjectSync, type ProjectSyncOptions } from './project-sync.ts';

/** Connects to nothing yet. */
export function openProject(
  options: SyncOptions,
  gitSource: GitSource,
  surroundings: Pick<ProjectSyncOptions, 'pool' | 'source' | 'onEvent' | 'now'>,
): ProjectSync {
  const { branch = 'main', stateFolder, credentials = {}, mirrorLimits, skipListFile } = options;
  const { acceptHistoryAs, forge } = options;
  const { path } = surroundings.source;
  const mirror = new Mirror({
    source: gitSource,
    branch,
    stateFolder,
    credentials,
    inherited: process.env,
    ...(mirrorLimits && { limits: mirrorLimits }),
    ...(skipListFile !== undefined && { skipListFile }),
  });
  return new ProjectSync({
    ...surroundings,
    branch: new Branch(mirror, path),
    gather: evidenceGatherer({ mirror, path, branch, now: surroundings.now, ...(forge && { forge }) }),
    ...(acceptHistoryAs !== undefined && { acceptHistoryAs }),
  });
}
