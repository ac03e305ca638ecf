// The processor time that the thread at hand has taken, in milliseconds. The system brings it up to date only every few.
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
