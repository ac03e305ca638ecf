// Loaded into a relay's processes: its second worker deals late with all that it is told.
if (process.env.HALYARD_RELAY_WORKER === '2') {
  const emit = process.emit;
  process.emit = (event, ...details) => {
    if (event !== 'message') return emit.call(process, event, ...details);
    setTimeout(() => emit.call(process, event, ...details), 200);
    return true;
  };
}
