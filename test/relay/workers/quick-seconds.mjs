// Loaded into a relay's processes: what they do once a second, they do four times.
const { setInterval } = globalThis;
globalThis.setInterval = (work, ms, ...given) => setInterval(work, ms === 1_000 ? 250 : ms, ...given);
