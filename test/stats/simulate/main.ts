// npm run simulate [-- <seed> …]: the whole simulation plan, once for each seed; exit code 1 where a measure fails.
import { plan } from './plan.ts';
import { simulate } from './report.ts';

const SEED = 20_260_101;

const seeds = process.argv.slice(2).map(Number);
if (!seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
  console.error('Seeds are whole numbers from 0, below 2^32: npm run simulate -- 1 2 3');
  process.exit(2);
}
const failed = simulate(plan, seeds.length > 0 ? seeds : [SEED], console.log);
process.exitCode = failed > 0 ? 1 : 0;
