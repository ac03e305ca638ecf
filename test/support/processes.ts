// What tests ask about processes: whether one still lives.
import { readFileSync } from 'node:fs';

/** False for a zombie too: it has ended, and only waits for the process that adopted it to take note. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' || !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    );
  } catch {
    return false;
  }
}
