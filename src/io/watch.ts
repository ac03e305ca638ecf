// The one door to chokidar: says that something in a folder may have changed, and nothing more.
import { watch } from 'chokidar';

/**
 * Calls `onChange` for whatever happens below `path`, through links, until it is disposed of. Where watching fails (no
 * more inotify watches, say) it stays silent, so whoever watches also polls.
 */
export function watchFolder(path: string, onChange: () => void): AsyncDisposable {
  const watcher = watch(path, { ignoreInitial: true, followSymlinks: true });
  watcher.on('all', onChange).on('error', () => undefined);
  return { [Symbol.asyncDispose]: () => watcher.close() };
}
