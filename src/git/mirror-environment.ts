// What a mirror is made of, and the environment that git runs in for it.
import { dirname } from 'node:path';
import { gitConfiguration } from './configuration.ts';
import {
  type GitCredentials,
  type GitEnvironment,
  localEnvironment,
  withCredentials,
} from './environment.ts';
import type { FetchLimits } from './fetch.ts';
import { SKIP_LIST, writeConfig } from './mirror-folder.ts';
import type { Remote } from './remote.ts';
import type { GitSource } from './source.ts';

export interface MirrorOptions {
  source: GitSource;
  /** A branch's name, or `HEAD` for whatever the repository has checked out. */
  branch: string;
  /** Where mirrors live; one folder and one configuration file a repository. */
  stateFolder: string;
  credentials?: GitCredentials;
  /** Usually `process.env`. */
  inherited: NodeJS.ProcessEnv;
  /** Default: 4 GB and ten minutes. */
  limits?: Partial<FetchLimits>;
  /** The ids of objects that are taken although git finds fault with them, one a line. */
  skipListFile?: string;
}

/** What of a mirror's options the environment is made of. */
export type Surroundings = Omit<MirrorOptions, 'branch' | 'limits'>;

export class MirrorEnvironment {
  readonly #options: Surroundings;
  readonly #folder: string;
  readonly #configFile: string;

  /** @param folder of the mirror, `….git`; its configuration file lies beside it */
  constructor(options: Surroundings, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#configFile = `${folder}config`;
  }

  /** For commands that stay in the mirror. A broken one must never make git look further up, where someone else's repository may be. */
  local(remoteFolder = this.#folder): GitEnvironment {
    const { stateFolder, inherited } = this.#options;
    const ceilings = [stateFolder, dirname(stateFolder), dirname(remoteFolder)];
    return localEnvironment({ globalConfigFile: this.#configFile, ceilings, inherited });
  }

  /** For commands that talk to the repository. Throws UsageError for an unreadable token. */
  async toward(remote: Remote): Promise<GitEnvironment> {
    const { source, credentials, skipListFile } = this.#options;
    const safeFolders = [...remote.owned, this.#folder];
    const skipList = skipListFile === undefined ? undefined : SKIP_LIST;
    await writeConfig(this.#configFile, gitConfiguration({ safeFolders, skipList }));
    const environment = this.local(remote.folder);
    return withCredentials(environment, credentials ?? {}, source.kind === 'url' ? source : {});
  }
}
