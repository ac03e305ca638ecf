// Bundles `halyard relay` into dist/relay/, which needs nothing beside it: less to load at each start, and an image without node_modules.
import { join } from 'node:path';
import { bundle, root } from './bundle.ts';

/** Writes the bundle. Sources, metrics, the page and what else a relay loads when it is first asked for stay in files of their own. */
export function bundleRelay(folder = join(root, 'dist/relay')) {
  return bundle(folder, {
    main: 'src/cli/relay-main.ts',
    // Threads begin in files of their own.
    'reader-thread': 'src/relay/large/reader-thread.ts',
  });
}

if (import.meta.main) await bundleRelay();
