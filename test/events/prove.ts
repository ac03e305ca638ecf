// `npm run prove:events -- 30 1`: so many rounds of killing under load, with the moments that the seed decides.
import { killRounds } from './kill-rounds.ts';
import { Killing } from './killing.ts';

const rounds = Number(process.argv[2] ?? 30);
const seed = Number(process.argv[3] ?? 1);

await using killing = await Killing.create({ relay: true });
await killRounds(killing, rounds, seed, (round, victim) =>
  process.stdout.write(`${String(round).padStart(3)}  kill -9 ${victim}\n`),
);
const { sent, acknowledged, stored, lost, twice, dropped } = await killing.prove();
process.stdout.write(
  `${sent} events sent, ${acknowledged} acknowledged, ${stored} counted: ${lost.length} lost, ${twice.length} counted twice;\n` +
    `${dropped.known} found no room in the spool, and its counter says ${dropped.counted}\n`,
);
if (lost.length > 0 || twice.length > 0 || dropped.known !== dropped.counted) process.exitCode = 1;
