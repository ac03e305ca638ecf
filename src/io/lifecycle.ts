// A service's life in its process: it runs until a signal asks it to stop, and then has a deadline.

export interface LifecycleOptions {
  /** How long the service may take to stop before the process ends itself with exit code 1. */
  stopWithinMs: number;
  /** Called for SIGHUP. Without it SIGHUP (the terminal was closed) stops the service too. */
  onReload?: () => void;
  /** Called once, with what asked the service to stop. */
  onStop?: (reason: string) => void;
  /** Stops the service as a signal would. */
  signal?: AbortSignal;
}

/**
 * Runs a service until it ends by itself, or SIGINT or SIGTERM aborts its signal. A second signal is harmless.
 * Throws what the service throws.
 */
export async function runUntilStopped(
  service: (signal: AbortSignal) => Promise<void>,
  options: LifecycleOptions,
): Promise<void> {
  const stopping = new AbortController();
  let overdue: NodeJS.Timeout | undefined;
  const stop = (reason: string) => {
    if (stopping.signal.aborted) return;
    overdue = setTimeout(() => endNow(options.stopWithinMs), options.stopWithinMs).unref();
    stopping.abort();
    options.onStop?.(reason);
  };
  let signalled = false;
  const onSignal = (name: string) => {
    signalled = true;
    stop(name);
  };
  const onHangup = () => (options.onReload ? options.onReload() : stop('SIGHUP'));
  const onAbort = () => stop('abort');
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onHangup);
  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) onAbort();
  try {
    await service(stopping.signal);
  } finally {
    clearTimeout(overdue);
    options.signal?.removeEventListener('abort', onAbort);
    process.off('SIGHUP', onHangup);
    // A process that was told to end is ending: a signal more must not cut that short.
    if (!signalled) process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Waits for work, but no longer than `ms`. True where it was done in time. Rejects as the work does. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function endNow(ms: number): void {
  process.stderr.write(`halyard: did not stop within ${ms / 1000} s, so the process ends itself\n`);
  process.exit(1);
}
