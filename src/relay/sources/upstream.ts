// The source of a fleet: another relay, so that ten thousand sidecars need a handful of database connections.
import type { Snapshot } from '../../model/snapshot.ts';
import { type Emit, type Source, SourceError } from '../source.ts';

export interface UpstreamOptions {
  /** The other relay's address, without a path or with the one that a proxy before it has. */
  url: string;
  environment: string;
  project?: string | undefined;
  /** The file with the token that the other relay demands. */
  sourceTokenFile?: string | undefined;
  /** A snapshot from before: only what changed since then is read. */
  known: Snapshot | undefined;
}

export class UpstreamSource implements Source {
  readonly kind = 'upstream';
  readonly #options: UpstreamOptions;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  wake(): void {}

  run(_emit: Emit, _signal: AbortSignal): Promise<void> {
    throw new SourceError('configuration', `${this.#options.url} is not followed yet`);
  }
}
