// Where the relay's bundle begins: the `halyard` command with the one subcommand `relay`.
import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode(process.env);
const [{ runProgram }, { relayEntry }] = await Promise.all([
  import('./program.ts'),
  import('./relay-entry.ts'),
]);
await runProgram([relayEntry]);
