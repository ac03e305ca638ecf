// What `up` does, step by step: takes its folder, finds the definitions, and serves them until it is asked to stop.
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { isLoopback, parseAddress } from '../../io/address.ts';
import { UnreachableError, UsageError } from '../../lib/errors.ts';
import { say } from '../terminal.ts';
import type { UpOptions } from './options.ts';
import { serveFolder } from './serve-folder.ts';
import { serveRepository } from './serve-repository.ts';
import { findSource } from './source.ts';
import { takeStateFolder } from './state-folder.ts';

/** Runs until the signal is aborted, and resolves when nothing is left running. Throws UsageError or UnreachableError. */
export async function up(options: UpOptions, signal: AbortSignal): Promise<void> {
  await using state = await takeStateFolder(resolve(options.data));
  await assertFree(options.listen);
  const source = await findSource(options, join(state.path, 'git'));
  signal.addEventListener('abort', () => say('Stopping.'), { once: true });
  try {
    if (source.kind === 'folder') await serveFolder(source, options, signal);
    else await serveRepository(source, options, state, signal);
  } catch (error) {
    // Ctrl-C while it starts ends PostgreSQL's and git's programs too, and that they failed is no news.
    if (!signal.aborted || !(error instanceof UsageError || error instanceof UnreachableError)) throw error;
  }
  say('Stopped.');
}

/** Finds a taken port before PostgreSQL is started in vain. */
async function assertFree(listen: string): Promise<void> {
  const { host, port } = parseAddress(listen, '--listen');
  if (!isLoopback(host)) {
    throw new UsageError(
      `--listen ${listen} can be reached from other machines, and \`up\` is for this one alone. ` +
        'Listen on 127.0.0.1, or run `halyard relay` with --token-file.',
    );
  }
  const probe = createServer();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
    probe.once('error', done);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => done(undefined)));
  });
  if (error?.code === 'EADDRINUSE') {
    const other = port < 65_525 ? port + 10 : port - 10;
    throw new UsageError(
      `${listen} is in use, so the relay cannot answer there. ` +
        `Stop what listens there, or choose another port: --listen ${host}:${other}.`,
    );
  }
  if (error)
    throw new UsageError(`the relay cannot listen on ${listen} (${error.code}). Choose another --listen.`);
}
