// A row of what is applied: of `definition` without an environment, of `environment_definition` with one.

export interface Row {
  kind: string;
  key: string;
  environment?: string;
  /** Of the file, relative to the definitions' folder; rows of an environment have none. */
  path?: string;
  digest: string;
}

/** A row as a commit wants it, with its body: plain JSON, whose canonical text has the digest. */
export interface WantedRow extends Row {
  body: object;
}

/** Names a row within a project. Kinds, keys and environments hold no tab. */
export function rowId({ kind, key, environment = '' }: Pick<Row, 'kind' | 'key' | 'environment'>): string {
  return `${kind}\t${key}\t${environment}`;
}
