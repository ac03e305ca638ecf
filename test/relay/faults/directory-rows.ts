// Faults of a folder of definitions as the source.
import { chmod, chown, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder, type Folder, projectFile } from '../folder.ts';
import { relay as startRelay } from '../start.ts';
import { FLAG, valueAt } from './caller.ts';
import { type FaultGroup, type FaultRow, LAST_GOOD, withoutRoot } from './fault.ts';
import { RelayProcess } from './relay-process.ts';
import { type AskedRelay, asked, expectAgeing, expectSaid, expectWell, type Said } from './stage.ts';

const FILE = 'flags/answer.yaml';

function answerFile(revision: number): string {
  return `flag: ${FLAG}
description: What the matrix asks for.
owner: tests
permanent: true
type: number
variations: { now: ${valueAt(revision)}, off: -1 }
off: off
environments:
  prod: { serve: now }
`;
}

/** A folder in a folder, so that it can be moved, whose every change is a revision. */
class Definitions {
  revision = 1;
  readonly outer: Folder;

  constructor(outer: Folder) {
    this.outer = outer;
  }

  get path(): string {
    return join(this.outer.path, 'flags');
  }

  async next(): Promise<number> {
    await this.outer.write({ [FILE]: answerFile(++this.revision) });
    return this.revision;
  }
}

interface FolderFault extends Pick<FaultRow, 'name' | 'operator' | 'unplayable'> {
  says: Said;
  begin: (definitions: Definitions) => Promise<unknown>;
  end: (definitions: Definitions) => Promise<unknown>;
  /** Played on a process of an ordinary user's, whom permissions concern. */
  asUser?: boolean;
}

async function start(path: string, asUser: boolean): Promise<AskedRelay & AsyncDisposable> {
  const source = `directory:${path}`;
  if (!asUser) return startRelay({ source });
  const through = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  return RelayProcess.start({ source, through });
}

const folderFault = ({ says, begin, end, asUser = false, ...row }: FolderFault): FaultRow => ({
  ...row,
  users: LAST_GOOD,
  play: async () => {
    await using outer = await createFolder({ 'flags/project.yaml': projectFile, [FILE]: answerFile(1) });
    await chmod(outer.path, 0o755);
    const definitions = new Definitions(outer);
    await using relay = await start(definitions.path, asUser);
    await expectWell(relay, 1);
    await asked(relay, definitions, async () => {
      await begin(definitions);
      await expectSaid(relay, says);
      await expectAgeing(relay);
      await end(definitions);
      await expectWell(relay, await definitions.next());
    });
  },
});

const moved = ({ path }: Definitions) => `${path}.moved`;

export const directory: FaultGroup = {
  title: 'A folder as the source',
  file: 'directory.pg.test.ts',
  rows: [
    folderFault({
      name: 'the folder vanishes, and comes back',
      operator: '`folder`: is not there',
      says: { code: 'folder', message: /is not there/ },
      begin: (definitions) => rename(definitions.path, moved(definitions)),
      end: (definitions) => rename(moved(definitions), definitions.path),
    }),
    folderFault({
      name: 'a file stands in the place of the folder',
      operator: '`folder`: cannot be read',
      says: { code: 'folder', message: /cannot be read/ },
      begin: async (definitions) => {
        await rename(definitions.path, moved(definitions));
        await writeFile(definitions.path, 'a file');
      },
      end: async (definitions) => {
        await rm(definitions.path);
        await rename(moved(definitions), definitions.path);
      },
    }),
    folderFault({
      name: 'a file of the folder is half written',
      operator: '`definitions`: file, line and what is wrong',
      says: { code: 'definitions', message: /answer\.yaml:\d+:\d+ / },
      begin: ({ outer }) => outer.write({ [FILE]: answerFile(7).slice(0, 150) }),
      end: async () => undefined,
    }),
    folderFault({
      name: 'the project file is deleted',
      operator: '`definitions`: file, line and what is wrong',
      says: { code: 'definitions', message: /project/ },
      begin: ({ outer }) => outer.write({ 'flags/project.yaml': null }),
      end: ({ outer }) => outer.write({ 'flags/project.yaml': projectFile }),
    }),
    folderFault({
      name: 'the folder may no longer be read',
      operator: '`folder`: cannot be read',
      unplayable: withoutRoot,
      asUser: true,
      says: { code: 'folder', message: /cannot be read/ },
      begin: async ({ path }) => {
        await chown(path, 65_533, 65_533);
        await chmod(path, 0o700);
      },
      end: ({ path }) => chmod(path, 0o755),
    }),
    folderFault({
      name: 'a file of the folder may no longer be read',
      operator: '`configuration`: which file',
      unplayable: withoutRoot,
      asUser: true,
      says: { code: 'configuration', message: /answer\.yaml.* cannot be read/ },
      begin: ({ path }) => chmod(join(path, 'answer.yaml'), 0o600),
      end: ({ path }) => chmod(join(path, 'answer.yaml'), 0o644),
    }),
  ],
};
