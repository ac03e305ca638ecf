// The files of a project as they change at random from commit to commit: good ones, bad ones, moved, reverted and left alone.
import { flagYaml } from '../support/sync-project.ts';
import { NEAR_YAML } from './near-flag.ts';

/** A linear congruential generator (Numerical Recipes): the same choices for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  /** True once in so many times. */
  chance(inSoMany: number): boolean {
    return this.below(inSoMany) === 0;
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    return options[this.below(options.length)] ?? options[0];
  }
}

export class Files {
  readonly #project: string;
  readonly #random: Random;
  #files = new Map<string, string>();
  readonly #history: Map<string, string>[] = [];
  #outside = 0;
  #flags = 0;

  constructor(project: string, random: Random) {
    this.#project = project;
    this.#random = random;
    this.set('project.yaml', this.#projectYaml('p0'));
    this.set('checkout.yaml', flagYaml('checkout'));
  }

  set(path: string, content: string): void {
    this.#files.set(path, content);
  }

  /** Another percentage in prod. */
  ramp(): void {
    this.set(
      'checkout.yaml',
      flagYaml('checkout', 1 + this.#random.below(99), `# ${this.#random.below(1_000_000)}`),
    );
  }

  /** Those of the definitions' folder, and one outside of it. */
  all(folder: string): [path: string, content: string][] {
    const inside = Array.from(this.#files, ([path, content]): [string, string] => [
      `${folder}/${path}`,
      content,
    ]);
    return [...inside, ['README.md', `${this.#outside}`]];
  }

  step(): void {
    this.#history.push(new Map(this.#files));
    const policy = this.#files.get('access.yaml');
    this.#change(this.#random.below(14));
    // A policy stays: who may change it is tried by commits of their own.
    if (policy !== undefined) this.set('access.yaml', policy);
  }

  #change(kind: number): void {
    const random = this.#random;
    const flags = [...this.#files.keys()].filter((path) => /flag-\d+\.yaml$/.test(path));
    const [flag] = flags.slice(random.below(Math.max(1, flags.length)));
    switch (kind) {
      case 0:
      case 1:
        this.set(`area/flag-${++this.#flags}.yaml`, flagYaml(`flag-${this.#flags}`, random.below(100)));
        return;
      case 2:
        if (flag) this.#files.delete(flag);
        return;
      case 3:
        if (flag) this.#move(flag, flag.replace(/^[^/]+/, random.pick(['area', 'old', 'new'])));
        return;
      case 4:
        this.set('bad.yaml', `flag: bad\nnonsense: ${random.below(9)}\n`);
        return;
      case 5:
        this.#files.delete('bad.yaml');
        return;
      case 6:
        this.set(
          'near.yaml',
          `segment: near\nif: { attribute: country, operator: eq, value: ${random.pick(['US', 'FR'])} }\n`,
        );
        this.set('near-checkout.yaml', NEAR_YAML);
        return;
      case 7:
        this.set('project.yaml', this.#projectYaml(`p${random.below(4)}`));
        return;
      case 8:
        this.#outside += 1;
        return;
      case 9:
        this.#files = new Map(this.#history[random.below(this.#history.length)]);
        return;
      case 10:
        this.set(
          'signups.yaml',
          `metric: signups\ndescription: D${random.below(3)}.\nevent: signup\nkind: conversion\n`,
        );
        return;
      default:
        this.ramp();
        return;
    }
  }

  #move(from: string, to: string): void {
    const content = this.#files.get(from) ?? '';
    this.#files.delete(from);
    this.set(to, content);
  }

  #projectYaml(plan: string): string {
    return `project: ${this.#project}
environments:
  dev: { salt: "5f0c1a" }
  prod: { salt: "c07d2e" }
attributes:
  country: { type: string }
  email: { type: string, personal: true, values: [${plan}@example.com] }
  plan: { type: string, values: [${plan}] }
`;
  }
}
