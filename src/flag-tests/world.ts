// What tests are checked against: the definitions by key, and what apps may say about a subject.
import { Suggestions } from '../definitions/suggest.ts';
import type { Definitions } from '../model/definition.ts';
import type { AttributeDeclaration, ExperimentDefinition, FlagDefinition } from '../model/definitions.gen.ts';

export interface TestWorld {
  environments: readonly string[];
  flags: ReadonlyMap<string, FlagDefinition>;
  experiments: ReadonlyMap<string, ExperimentDefinition>;
  /** Absent where the project does not say what apps may send. */
  attributes?: ReadonlyMap<string, AttributeDeclaration>;
  /** Of the names of attributes with dots: what stands before each dot. */
  objects: ReadonlySet<string>;
  /** Names of attributes whose values are not printed. */
  personal: ReadonlySet<string>;
  suggestions: Suggestions;
}

export function testWorld({ project, all }: Definitions): TestWorld {
  const flags = new Map<string, FlagDefinition>();
  const experiments = new Map<string, ExperimentDefinition>();
  for (const definition of all) {
    if (definition.kind === 'flag') flags.set(definition.key, definition.body);
    if (definition.kind === 'experiment') experiments.set(definition.key, definition.body);
  }
  const targetingKey: AttributeDeclaration = { type: 'string' };
  const declared = Object.entries(project.attributes ?? {});
  return {
    environments: Object.keys(project.environments),
    flags,
    experiments,
    ...(project.attributes && { attributes: new Map([['targetingKey', targetingKey], ...declared]) }),
    objects: new Set(declared.flatMap(([name]) => prefixesOf(name))),
    suggestions: new Suggestions(),
    personal: new Set(declared.flatMap(([name, { personal }]) => (personal ? [name] : []))),
  };
}

function prefixesOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

/** The names of a flag's rules in an environment, `#2` (counted from 1) for one without. */
export function ruleNames(flag: FlagDefinition, environment: string): string[] {
  const here = Object.hasOwn(flag.environments, environment) ? flag.environments[environment] : undefined;
  return (here?.rules ?? []).map(({ name }, index) => name ?? `#${index + 1}`);
}

/** Whether time has a say in what a flag answers there, also by way of the flags that it requires. */
export function dependsOnTime(world: TestWorld, flagKey: string, environment: string): boolean {
  const waiting = [flagKey];
  const seen = new Set<string>(waiting);
  for (const key of waiting) {
    const flag = world.flags.get(key);
    if (!flag) continue;
    const here = Object.hasOwn(flag.environments, environment) ? flag.environments[environment] : undefined;
    if (!here || here.enabled === false) continue;
    if (here.ramp || here.rules?.some(({ from, until, then }) => from || until || 'ramp' in then))
      return true;
    for (const required of flag.requires ?? []) {
      if (seen.has(required.flag)) continue;
      seen.add(required.flag);
      waiting.push(required.flag);
    }
  }
  return false;
}
