// What is up, and where: the lines that `up` prints when everything runs.

import type { Collector } from '../../events/main.ts';
import { publicUrl } from '../../lib/public-url.ts';
import type { Relay } from '../../relay/main.ts';
import type { Sync } from '../../sync/loop.ts';
import { styled } from '../terminal.ts';
import { type AppliedSummary, definitionsInWords } from './applied.ts';
import type { UpPostgres } from './postgres.ts';
import type { UpSource } from './source.ts';
import { shown } from './state-folder.ts';
import { tryLine } from './try-line.ts';

export interface Banner {
  source: Extract<UpSource, { kind: 'repository' }>;
  options: { branch?: string };
  environment: string;
  sync: Sync;
  applied: AppliedSummary;
  postgres: UpPostgres;
  relay: Relay;
  collector: Collector;
}

const REJECTED = 'this commit has problems, so what was good before is served: `halyard check` lists them';
const NEVER_APPLIED = 'this commit has problems, so nothing is served yet: `halyard check` lists them';

const FIRST_COMMIT = 'git init && git add . && git commit -m "First flags"';

export async function repositoryBanner(banner: Banner): Promise<string[]> {
  const { source, environment, sync, applied, postgres, relay, collector } = banner;
  const folder = source.path === '' ? 'the repository' : `${source.path}/`;
  const { head, state, revision = 0 } = sync.status.report();
  return [
    styled('bold', 'Halyard is up.'),
    row(
      'repository',
      `${repositoryName(source)}, ${await branchName(banner)} at ${head?.slice(0, 10) ?? 'no commit yet'}`,
    ),
    ...(state === 'rejected' ? [row('', styled('red', revision > 0 ? REJECTED : NEVER_APPLIED))] : []),
    row('definitions', `${definitionsInWords(applied.definitions)}, in ${folder}`),
    row('PostgreSQL', postgres.place),
    row('relay', `${relay.url} for the environment ${environment}; its API: ${relay.url}/docs`),
    row('collector', `${collector.url} takes the relay’s events of experiments`),
    ...(await tryRow(relay)),
    '',
    `Change a file in ${folder} and commit it: it is served a moment later. Ctrl-C stops everything.`,
    '',
  ];
}

export async function folderBanner(
  { folder, why, hasGit }: Extract<UpSource, { kind: 'folder' }>,
  definitions: ReadonlyMap<string, number>,
  environment: string,
  relay: Relay,
): Promise<string[]> {
  return [
    styled('bold', 'Halyard is up.'),
    row(
      'folder',
      `${shown(folder)} is served as it is, without PostgreSQL, audit and events of experiments, because ${why}`,
    ),
    row('definitions', definitionsInWords(definitions)),
    row('relay', `${relay.url} for the environment ${environment}; its API: ${relay.url}/docs`),
    ...(await tryRow(relay)),
    '',
    `Change a file in ${shown(folder)} and save it: it is served a moment later. Ctrl-C stops everything.`,
    `To have commits served, with their audit: ${hasGit ? FIRST_COMMIT : 'install git'}, then start again.`,
    '',
  ];
}

function row(name: string, text: string): string {
  return `  ${styled('dim', name.padEnd(13))}${text}`;
}

async function tryRow(relay: Relay): Promise<string[]> {
  const line = await tryLine(relay.url);
  return line === undefined ? [row('try', 'nothing yet: no flag is served')] : [row('try', line)];
}

function repositoryName({ repo, workTree }: Banner['source']): string {
  return workTree ? workTree.root : publicUrl(repo);
}

async function branchName({ source, options }: Banner): Promise<string> {
  if (options.branch !== undefined) return `branch ${options.branch}`;
  if (!source.workTree) return 'its default branch';
  const branch = await source.workTree.branch();
  return branch === undefined ? 'detached HEAD' : `branch ${branch}`;
}
