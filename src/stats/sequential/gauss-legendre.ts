// Nodes and weights of Gauss-Legendre quadrature: exact for polynomials of degree 2n - 1.

export interface Quadrature {
  /** In (-1, 1), ascending. */
  nodes: Float64Array;
  weights: Float64Array;
}

const known = new Map<number, Quadrature>();

/** Newton's method on the Legendre polynomial, from Tricomi's first guess (Press et al., Numerical Recipes, §4.6). Kept per n. */
export function gaussLegendre(n: number): Quadrature {
  const rule = known.get(n) ?? computed(n);
  known.set(n, rule);
  return rule;
}

function computed(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < Math.ceil(n / 2); i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      const [value, derivative] = legendre(n, x);
      slope = derivative;
      const change = value / derivative;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** The Legendre polynomial of degree n and its derivative, by the three-term recurrence. */
function legendre(n: number, x: number): [value: number, derivative: number] {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, (n * (x * value - before)) / (x * x - 1)];
}
