// Random numbers for simulations: a seeded generator, and draws that follow their distributions exactly.

/** Stirling's remainder of ln k! for k = 0 … 9. */
const STIRLING = [
  0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.00925546218271273, 0.00833056343336287,
];

/** xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32; the same seed gives the same numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | undefined;

  /** @param seed any number of 32 bits */
  constructor(seed: number) {
    let state = seed >>> 0;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) | 0;
    };
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next() | 1];
  }

  #bits(): number {
    const times5 = Math.imul(this.#b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** In (0, 1), of 53 bits; never an end. */
  uniform(): number {
    return ((this.#bits() >>> 5) * 67108864 + (this.#bits() >>> 6) + 0.5) / 9007199254740992;
  }

  /** Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  /** Of this shape and scale 1 (Marsaglia & Tsang 2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * this.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(this.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  chiSquare(df: number): number {
    return 2 * this.gamma(df / 2);
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }

  /** Successes of n trials. */
  binomial(n: number, p: number): number {
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    return n * p < 10 ? this.#binomialByInversion(n, p) : this.#binomialByRejection(n, p);
  }

  #binomialByInversion(n: number, p: number): number {
    let [successes, left, mass] = [0, this.uniform(), Math.exp(n * Math.log1p(-p))];
    while (left > mass && successes < n) {
      left -= mass;
      mass *= ((n - successes) * p) / ((successes + 1) * (1 - p));
      successes++;
    }
    return successes;
  }

  /** BTRS (Hörmann 1993): exact, for n p >= 10 and p <= 1/2. */
  #binomialByRejection(n: number, p: number): number {
    const spread = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * spread;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const m = Math.floor((n + 1) * p);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + n * p + 0.5);
      if (k < 0 || k > n) continue;
      if (us >= 0.07 && v <= 0.92 - 4.2 / b) return k;
      const height = Math.log((v * (2.83 + 5.1 / b) * spread) / (a / (us * us) + b));
      if (height <= logBinomialRatio(n, p, k, m)) return k;
    }
  }
}

/** ln of P(k) / P(m) of n trials. */
function logBinomialRatio(n: number, p: number, k: number, m: number): number {
  const odds = p / (1 - p);
  return (
    (m + 0.5) * Math.log((m + 1) / (odds * (n - m + 1))) +
    (n + 1) * Math.log((n - m + 1) / (n - k + 1)) +
    (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
    stirling(m) +
    stirling(n - m) -
    stirling(k) -
    stirling(n - k)
  );
}

function stirling(k: number): number {
  const square = (k + 1) ** 2;
  return STIRLING[k] ?? (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
