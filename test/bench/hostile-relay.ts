// The relay of the hostile bench: tells its port, and when asked what it holds.
import { readdirSync } from 'node:fs';
import { createLog } from '../../src/io/log.ts';
import { startRelay } from '../../src/relay/main.ts';

const relay = await startRelay({
  environment: 'prod',
  source: `directory:${process.argv[2]}`,
  listen: '127.0.0.1:0',
  version: '0',
  instanceId: 'bench',
  log: createLog({ service: 'relay', version: '0', level: 'error' }),
});
await relay.ready;
process.send?.(Number(new URL(relay.url).port));
process.on('message', (order) => {
  if (order === 'state') global.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpuMicros: user + system,
    heapBytes: process.memoryUsage().heapUsed,
    fds: readdirSync('/proc/self/fd').length,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
  });
});
process.on('disconnect', () => process.exit());
