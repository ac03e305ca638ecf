// How long `audit verify` takes on a long chain, by the database alone and derived again from git: `npm run bench -- audit 100000`.
import { rm } from 'node:fs/promises';
import { verifyAudit } from '../../src/audit/verify.ts';
import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { importHistory, type Step } from '../support/grown-chain.ts';
import { restoreChain } from '../support/restored-chain.ts';
import { flagYaml, sampleFiles } from '../support/sync-project.ts';
import { table } from './report.ts';

const ENTRIES = Number(process.argv[2] ?? 10_000);
const FLAGS = 10;

/** A small project: each commit edits one of ten flags. */
const steps: Step[] = Array.from({ length: ENTRIES }, (_, n) => {
  const path = `flags/area-${n % FLAGS}/flag-${n % FLAGS}.yaml`;
  const edit = { [path]: flagYaml(`flag-${n % FLAGS}`, Math.floor(n / FLAGS) % 100) };
  return { subject: `Edit ${n}`, edits: n === 0 ? { ...sampleFiles(), ...edit } : edit };
});

interface Took {
  ms: number;
  /** Of this process alone, without git's and PostgreSQL's. On a machine that has other work it is what counts. */
  cpuMs: number;
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, took: Took]> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, { ms: performance.now() - startedMs, cpuMs: (user + system) / 1_000 }];
}

await using server = await startTemporaryPostgres();
await migrate(server.url);
await using pool = new Pool(server.url, { maxConnections: 1, statementTimeoutMs: 600_000 });
await using repository = await GitRepository.create();
const stateFolder = await temporaryFolder('halyard-bench-');
try {
  const ids = await importHistory(repository, steps);
  const [, grown] = await timed(() => restoreChain(pool, repository, ids, steps));
  process.stderr.write(`a chain of ${ids.length} entries was made in ${(grown.ms / 1000).toFixed(1)} s\n`);
  const [alone, tookAlone] = await timed(() => verifyAudit(pool));
  const [derived, tookDerived] = await timed(() =>
    verifyAudit(pool, { repository: { repo: repository.folder, stateFolder } }),
  );
  for (const { break: found } of [alone, derived]) if (found) throw new Error(found.message);
  const row = (name: string, { ms, cpuMs }: Took): string[] => [
    name,
    `${(ms / 1_000).toFixed(1)} s`,
    `${(cpuMs / 1_000).toFixed(1)} s`,
    Math.round((ENTRIES * 1_000) / ms).toLocaleString('en'),
  ];
  const rows = [row('audit verify', tookAlone), row('audit verify --repo', tookDerived)];
  process.stdout.write(
    `${table([[`${ENTRIES.toLocaleString('en')} entries`, 'took', 'of CPU here', 'entries a second'], ...rows])}\n`,
  );
  process.stdout.write(`memory at its highest: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
} finally {
  await rm(stateFolder, { recursive: true, force: true });
}
