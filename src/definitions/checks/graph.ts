// Circles and orders in a graph of names. Nothing recurses: a chain of twenty thousand must not overflow the stack.

export interface Components {
  /** Every node, after all the nodes that it points to (but within a circle in no order). */
  order: string[];
  /** The circles: groups of nodes that all reach each other, and nodes that point to themselves. */
  circles: string[][];
}

interface Visit {
  index: number;
  low: number;
  onStack: boolean;
}

interface Frame {
  node: string;
  next: number;
}

/** Strongly connected components (R. Tarjan, 1972). Edges to unknown nodes are passed over. */
export function components(edges: ReadonlyMap<string, readonly string[]>): Components {
  const visits = new Map<string, Visit>();
  const stack: string[] = [];
  const result: Components = { order: [], circles: [] };
  for (const root of edges.keys()) {
    if (visits.has(root)) continue;
    const frames: Frame[] = [];
    enter(root, frames, visits, stack);
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      if (!advance(frame, frames, edges, visits, stack)) leave(frames, edges, visits, stack, result);
    }
  }
  return result;
}

function enter(node: string, frames: Frame[], visits: Map<string, Visit>, stack: string[]): void {
  visits.set(node, { index: visits.size, low: visits.size, onStack: true });
  stack.push(node);
  frames.push({ node, next: 0 });
}

/** Follows the next edge of the frame; false when there is none left. */
function advance(
  frame: Frame,
  frames: Frame[],
  edges: ReadonlyMap<string, readonly string[]>,
  visits: Map<string, Visit>,
  stack: string[],
): boolean {
  const target = edges.get(frame.node)?.[frame.next];
  if (target === undefined) return false;
  frame.next += 1;
  const [here, there] = [visits.get(frame.node), visits.get(target)];
  if (!there) {
    if (edges.has(target)) enter(target, frames, visits, stack);
  } else if (here && there.onStack) here.low = Math.min(here.low, there.index);
  return true;
}

function leave(
  frames: Frame[],
  edges: ReadonlyMap<string, readonly string[]>,
  visits: Map<string, Visit>,
  stack: string[],
  result: Components,
): void {
  const node = frames.pop()?.node ?? '';
  const visit = visits.get(node);
  const parent = visits.get(frames.at(-1)?.node ?? '');
  if (visit && parent) parent.low = Math.min(parent.low, visit.low);
  if (visit?.low !== visit?.index) return;
  const members = stack.splice(stack.lastIndexOf(node));
  for (const member of members) {
    const other = visits.get(member);
    if (other) other.onStack = false;
  }
  result.order.push(...members.toReversed());
  if (members.length > 1 || edges.get(node)?.includes(node)) result.circles.push(members);
}

/** One way around a circle, from its first member in alphabetical order: `[a, b, c]` for a → b → c → a. */
export function wayAround(
  circle: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
): string[] {
  const members = new Set(circle);
  const start = [...circle].sort()[0] ?? '';
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of edges.get(node) ?? []) {
      if (target === start) return pathTo(node, cameFrom);
      if (!members.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return [start];
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let before = cameFrom.get(end); before !== undefined; before = cameFrom.get(before)) path.push(before);
  return path.reverse();
}
