// The primary process of a relay with workers: it follows the source, keeps the cache and the log, and takes the connections that its workers answer.
import { randomBytes } from 'node:crypto';
import { readTokens } from '../../io/tokens.ts';
import type { RelayCore } from '../core.ts';
import type { DoorName } from '../door.ts';
import { eventStatusOf } from '../event-status.ts';
import { ownMetrics, type RenderMetrics } from '../http/operation.ts';
import { doorsOf, type Listening, openDoors } from '../listening.ts';
import type { CheckedOptions } from '../options.ts';
import { startServing } from '../serving.ts';
import { usageBy } from '../usage.ts';
import { Crew } from './crew.ts';
import { monotonicMs, type Question, type Start } from './messages.ts';

/** Probes and metrics without token are answered here, whatever the workers are at. */
const OWN_DOOR: DoorName = 'probe-listen';

/** Answers from now on, by workers. Throws a UsageError for an address that cannot be had. */
export async function listenWithWorkers(
  core: RelayCore,
  options: CheckedOptions,
  size: number,
): Promise<Listening> {
  const secret = randomBytes(32).toString('base64url');
  let tokens = options.tokenFile === undefined ? undefined : await readTokens(options.tokenFile);
  const doorNames = doorsOf(options);
  const start = (): Start => ({
    sourceKind: core.sourceKind,
    startedAt: monotonicMs() - (performance.now() - core.startedAtMs),
    doors: doorNames.filter((door) => door !== OWN_DOOR),
    ...(tokens !== undefined && { tokens: { text: tokens, secret } }),
  });
  const crew = new Crew(core, size, start, (question) => answer(question));
  core.workers = () => crew.state;
  core.workersUsage = () => usageBy((gauge) => crew.total(gauge));
  if (options.collector !== undefined) core.eventFacts = () => crew.eventFacts();
  const render = metricsOf(core, crew);
  const answer = async (question: Question): Promise<unknown> => {
    if (question.type === 'metrics') return render();
    if (question.type === 'events') {
      await crew.collect();
      return eventStatusOf(core);
    }
    return core.linkedHash?.(question.entry);
  };
  const hasProbes = doorNames.includes(OWN_DOOR);
  const probes = hasProbes ? await startServing(core, options, [OWN_DOOR], render) : undefined;
  const drain = async () => void (await Promise.all([crew.stop(), probes?.drain()]));
  const doors = await openDoors(core, options, {
    handsOn: (door) => door !== OWN_DOOR,
    open: (door) => (door === OWN_DOOR ? (probes?.open(door) ?? 0) : crew.connections),
    take: (socket, door) => (door === OWN_DOOR ? probes?.take(socket, door) : crew.take(socket, door)),
  }).catch(async (error) => {
    await drain();
    throw error;
  });
  // Connections that come meanwhile wait for them.
  crew.begin();
  return {
    doors,
    useTokens: (text) => {
      tokens = text;
      crew.tell({ type: 'tokens', text });
    },
    reread: () => crew.tell({ type: 'reread' }),
    sourceSpoke: () => crew.follow(),
    close: async () => void (await Promise.all(doors.map((door) => door.close()))),
    drain,
  };
}

/** The metrics of the whole relay: what its workers have counted, and what this process knows of the source. */
function metricsOf(core: RelayCore, crew: Crew): RenderMetrics {
  const streams = {
    get size() {
      return crew.total('streams');
    },
    get bufferedBytes() {
      return crew.total('streamQueueBytes');
    },
  };
  const render = ownMetrics(core, streams, async () => crew.connections);
  return async () => {
    await crew.collect();
    core.counters.requestsInFlight = crew.total('requestsInFlight');
    return render();
  };
}
