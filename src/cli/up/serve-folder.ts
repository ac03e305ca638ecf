// `up` without a repository: a relay on the folder as it is, and what it says on the terminal.
import { aborted, within } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { VERSION } from '../../lib/version.ts';
import { startRelay } from '../../relay/main.ts';
import { problemLines } from '../problem-text.ts';
import { counted, say, styled } from '../terminal.ts';
import { chosenEnvironment } from './applied.ts';
import { folderBanner } from './banner.ts';
import { definitionsOf, environmentsOf, loadFolder } from './folder.ts';
import type { UpOptions } from './options.ts';
import type { UpSource } from './source.ts';
import { shown } from './state-folder.ts';

const FIRST_SNAPSHOT_MS = 5_000;

export async function serveFolder(
  source: Extract<UpSource, { kind: 'folder' }>,
  options: UpOptions,
  signal: AbortSignal,
): Promise<void> {
  const { folder } = source;
  const loaded = await loadFolder(folder);
  const definitions = definitionsOf(loaded);
  const environment = chosenEnvironment(options.environment, environmentsOf(definitions));
  const instanceId = `up-${process.pid}`;
  const lines = new FolderNews(folder);
  await using relay = await startRelay({
    environment,
    source: `directory:${folder}`,
    listen: options.listen,
    version: VERSION,
    instanceId,
    log: createLog({ service: 'relay', version: VERSION, environment, instanceId, to: lines }),
  });
  if (loaded.ok) await within(FIRST_SNAPSHOT_MS, relay.ready);
  const kinds = new Map<string, number>();
  for (const { kind } of definitions) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  say(...(await folderBanner(source, kinds, environment, relay)));
  lines.begin();
  await aborted(signal);
}

interface LogLine {
  revision?: number;
  changed_flags?: number;
  /** Why what the folder holds is not served, with its stable word. */
  code?: string;
  reason?: string;
}

/** Turns the relay's log into lines for people. What it says before the banner is kept back. */
class FolderNews {
  readonly #folder: string;
  #early: string[] | undefined = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(line: string): void {
    if (this.#early) this.#early.push(line);
    else void this.#tell(JSON.parse(line));
  }

  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const line of early) this.write(line);
  }

  async #tell({ revision, changed_flags: changed, code, reason }: LogLine): Promise<void> {
    if (revision !== undefined && changed !== undefined) {
      say(`${styled('green', 'served')}    revision ${revision}  (${counted(changed, 'flag')})`);
    } else if (code === 'definitions') {
      const { problems } = await loadFolder(this.#folder);
      say(`${styled('red', 'refused')}   ${counted(problems.length, 'problem')}; what was good is served on`);
      say(
        ...problems
          .flatMap((problem) => problemLines(problem, shown(this.#folder)))
          .map((line) => `    ${line}`),
      );
    } else if (reason !== undefined) {
      say(`${styled('red', 'refused')}   ${reason}; what was good is served on`);
    }
  }
}
