// What `up` is started with, as the command line gives it.

export interface UpOptions {
  environment?: string;
  repo: string;
  path: string;
  branch?: string;
  /** Milliseconds between looks at the repository. */
  interval: number;
  /** The relay's `HOST:PORT`. */
  listen: string;
  databaseUrl?: string;
  postgresPort?: number;
  /** The port of the collector; a free one unless it is given. */
  collectorPort?: number;
  /** The folder for data and mirror. */
  data: string;
}
