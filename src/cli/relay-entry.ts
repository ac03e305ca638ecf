// The subcommand `relay` in the table of commands: alone in the bundle that a relay runs from, among the others elsewhere.
import type { CommandEntry } from './program.ts';

export const relayEntry: CommandEntry = {
  name: 'relay',
  summary: 'answer evaluate calls beside an app',
  load: () => import('./relay.ts'),
};
