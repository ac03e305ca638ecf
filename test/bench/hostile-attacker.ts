// The attacker of the hostile bench, in a process of its own: attacks when told to, and tells what it was answered.
import { attacks } from './hostile-attacks.ts';

type Order = { attack: string; port: number } | 'stop';

let attack: Promise<unknown> | undefined;
let end = new AbortController();
process.on('message', (order: Order) => {
  if (order === 'stop') {
    end.abort();
    void attack?.then((answered) => process.send?.([...(answered as Map<string, number>)]));
    return;
  }
  end = new AbortController();
  attack = attacks[order.attack]?.(order.port, end.signal);
});
process.on('disconnect', () => process.exit());
