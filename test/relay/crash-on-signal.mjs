// Preloaded into a process: an error that nothing handles, when SIGUSR2 comes.
process.on('SIGUSR2', () => {
  throw new Error('crashed for a test');
});
