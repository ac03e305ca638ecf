// Keeps what Node makes of the code, so that every start but the first takes less time.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Called before the code that is worth it is loaded. It is kept in the user's own cache, since what lies there is run;
 * a user without a home waits a little longer at each start. NODE_COMPILE_CACHE names another folder, and
 * NODE_DISABLE_COMPILE_CACHE=1 keeps nothing.
 */
export function keepCompiledCode({ XDG_CACHE_HOME, NODE_COMPILE_CACHE }: NodeJS.ProcessEnv): void {
  if (NODE_COMPILE_CACHE) return; // Node keeps it there by itself.
  const home = XDG_CACHE_HOME || homeFolder();
  if (home === undefined || !existsSync(home)) return;
  enableCompileCache(join(home, ...(XDG_CACHE_HOME ? [] : ['.cache']), 'halyard', 'code'));
}

function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
