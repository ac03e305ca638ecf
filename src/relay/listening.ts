// Opens and closes the addresses on which a relay answers.
import type { Socket } from 'node:net';
import type { RelayCore } from './core.ts';
import { Door, type DoorName } from './door.ts';
import type { CheckedOptions } from './options.ts';
import { startServing } from './serving.ts';

export interface Listening {
  doors: readonly Door[];
  /** Takes other tokens from now on, a text with one a line. */
  useTokens(text: string): void;
  /** Has other processes reread the files of events, where they answer. */
  reread?(): void;
  /** Called after all that the source said has been dealt with. */
  sourceSpoke?(): void;
  /** Lets nobody in any more, but those who have connected already. */
  close(): Promise<void>;
  /** Answers those who are connected, and tells them to close; resolves when they are gone, or after 3 s at most. */
  drain(): Promise<void>;
}

/** Where connections go that have come in. */
export interface Reception {
  take(socket: Socket, door: DoorName): void;
  /** How many are open that count together with those of this door. */
  open(door: DoorName): number;
  /** True for a door whose connections another process answers. */
  handsOn(door: DoorName): boolean;
}

/** Answers from now on, in this process. Throws a UsageError for an address that cannot be had. */
export async function listen(core: RelayCore, options: CheckedOptions): Promise<Listening> {
  const serving = await startServing(core, options, doorsOf(options));
  const doors = await openDoors(core, options, { ...serving, handsOn: () => false }).catch(async (error) => {
    await serving.drain();
    throw error;
  });
  return {
    doors,
    useTokens: (text) => options.tokens?.replace(text),
    close: async () => void (await Promise.all(doors.map((door) => door.close()))),
    drain: () => serving.drain(),
  };
}

/** The doors that the options name. */
export function doorsOf(options: CheckedOptions): DoorName[] {
  return (['listen', 'socket', 'grpc', 'probe-listen'] as const).filter((door) => placeOf(door, options));
}

/** Opens all doors, or none: throws a UsageError for an address that cannot be had. */
export async function openDoors(
  core: RelayCore,
  options: CheckedOptions,
  reception: Reception,
): Promise<Door[]> {
  const opened: Door[] = [];
  try {
    for (const name of doorsOf(options)) {
      const at = placeOf(name, options) as NonNullable<ReturnType<typeof placeOf>>;
      const take = withRoom(core, options.maxConnections, reception, name);
      opened.push(await Door.open(core, { name, at, handsOn: reception.handsOn(name), take }));
    }
  } catch (error) {
    await Promise.all(opened.map((door) => door.close()));
    throw error;
  }
  const urls = opened.map(({ name, url }) => [name === 'listen' ? 'url' : `${name.split('-')[0]}_url`, url]);
  core.log.info(Object.fromEntries(urls), 'listening');
  return opened;
}

function placeOf(door: DoorName, { at, socket, grpcAt, probeAt }: CheckedOptions) {
  const places = {
    listen: at,
    socket: socket === undefined ? undefined : { path: socket },
    grpc: grpcAt,
    'probe-listen': probeAt,
  };
  return places[door];
}

/** Turns away who comes while too many are there. */
function withRoom(
  { counters }: RelayCore,
  most: number,
  { take, open }: Reception,
  door: DoorName,
): (socket: Socket) => void {
  return (socket) => {
    if (open(door) < most) return take(socket, door);
    counters.connectionsDropped++;
    socket.destroy();
  };
}
