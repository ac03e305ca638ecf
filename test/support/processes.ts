// What tests ask about processes: whether one still lives.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** How many processes have the text among their arguments; 0 where there is no /proc to tell. */
export function processesNaming(text: string): number {
  if (!existsSync('/proc/self/cmdline')) return 0;
  const all = readdirSync('/proc', { withFileTypes: true }).filter(({ name }) => /^\d+$/.test(name));
  return all.filter(({ name }) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
    } catch {
      return false; // it has ended
    }
  }).length;
}

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
