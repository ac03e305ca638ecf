// Loaded before `halyard` where a page's commands run: it is always the time that HALYARD_PAGE_TIME says.
const now = Date.parse(process.env.HALYARD_PAGE_TIME ?? '');
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(now) : Reflect.construct(target, args)),
});
RealDate.now = () => now;
