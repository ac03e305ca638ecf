// A row of what is applied: of `definition` without an environment, of `environment_definition` with one.

export interface Row {
  kind: string;
  key: string;
  environment?: string;
  /** Of the file, relative to the definitions' folder; rows of an environment have none. */
  path?: string;
  digest: string;
}

/** A row as a commit wants it. */
export interface WantedRow extends Row {
  /** Plain JSON. */
  body: object;
  /** The body's canonical text, which has the digest. */
  text: string;
}

/** Names a row within a project. Kinds, keys and environments hold no tab. */
export function rowId({ kind, key, environment = '' }: Pick<Row, 'kind' | 'key' | 'environment'>): string {
  return `${kind}\t${key}\t${environment}`;
}
