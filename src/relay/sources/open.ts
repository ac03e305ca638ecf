// Opens the source that `--source` names, and loads the code of no other.
import { resolve } from 'node:path';
import { UsageError } from '../../lib/errors.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Source, Witness } from '../source.ts';

export interface SourceOptions {
  source: string;
  environment: string;
  project?: string | undefined;
  sourceTokenFile?: string | undefined;
  /** The snapshot that the disk cache gave: only what changed since then need be read. */
  known: Snapshot | undefined;
  /** What was served last. */
  witness: () => Witness | undefined;
}

export type SourceKind = Source['kind'];

const FORMS = 'postgres://user:password@host/database, directory:./flags or https://relay.internal:8016';

/** The kind of a source. Throws a UsageError for one that there is not, without repeating what may hold a password. */
export function sourceKind(source: string): SourceKind {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(source) ?? [];
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      if (URL.canParse(source)) return 'postgres';
      throw new UsageError(`--source is no PostgreSQL URL. It looks like ${FORMS}.`);
    case 'directory':
      if (rest !== '') return 'directory';
      throw new UsageError(`--source names no folder. It looks like ${FORMS}.`);
    case 'http':
    case 'https':
      if (URL.canParse(source) && isBare(new URL(source))) return 'upstream';
      throw new UsageError(
        `--source is no address of a relay, without user and query. It looks like ${FORMS}; a token goes into --source-token-file.`,
      );
    default:
      throw new UsageError(`--source is of no known kind. It looks like ${FORMS}.`);
  }
}

/** A secret in an address is not sent, so it has no place there: `--source-token-file` does. */
function isBare({ username, password, search }: URL): boolean {
  return username === '' && password === '' && search === '';
}

/** Connects to nothing yet: a source does that when it is run. */
export async function openSource({ source, ...options }: SourceOptions): Promise<Source> {
  const kind = sourceKind(source);
  if (kind === 'directory') {
    const { DirectorySource } = await import('./directory.ts');
    return new DirectorySource({ ...options, path: resolve(source.slice('directory:'.length)) });
  }
  if (kind === 'upstream') {
    const { UpstreamSource } = await import('./upstream.ts');
    return new UpstreamSource({ ...options, url: source });
  }
  const { PostgresSource } = await import('./postgres.ts');
  return new PostgresSource({ ...options, url: source });
}
