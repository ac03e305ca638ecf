// What a process holds, sampled while it works: memory, files and timers; and whether it grows.
import { readdir, readFile } from 'node:fs/promises';

export interface Sample {
  second: number;
  rssMb: number;
  descriptors: number;
}

export async function sampleOf(pid: number, second: number): Promise<Sample> {
  const [status, files] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return { second, rssMb: rssKb / 1_024, descriptors: files.length };
}

export interface Point {
  second: number;
  value: number;
}

export interface Course {
  /** How many values there are. */
  points: number;
  first: number;
  last: number;
  /** By least squares. */
  perMinute: number;
}

/** How a value goes over the last two thirds of the time, when all that is filled once is full. */
export function courseOf(points: readonly Point[], seconds: number): Course {
  const late = points.filter(({ second }) => second >= seconds / 3 && second <= seconds);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(late.map(({ second }) => second));
  const level = mean(late.map(({ value }) => value));
  const over = late.reduce((sum, { second, value }) => sum + (second - middle) * (value - level), 0);
  const under = late.reduce((sum, { second }) => sum + (second - middle) ** 2, 0);
  return {
    points: late.length,
    first: late[0]?.value ?? Number.NaN,
    last: late.at(-1)?.value ?? Number.NaN,
    perMinute: under === 0 ? 0 : (60 * over) / under,
  };
}
