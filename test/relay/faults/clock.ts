// Loaded before a relay by --import: SIGUSR2 sets its clock a day forward, then back to the day before, then right.
const DAY_MS = 86_400_000;
const SETTINGS = [DAY_MS, -DAY_MS, 0];

let offsetMs = 0;
const now = Date.now;
Date.now = () => now() + offsetMs;
process.on('SIGUSR2', () => {
  offsetMs = SETTINGS.shift() ?? 0;
  process.stdout.write(`{"msg":"clock set","offset":${offsetMs}}\n`);
});
