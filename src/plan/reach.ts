// What refers to what in one environment: which flags an edit reaches, and what a flag is made of.

import { conditionsIn, fallthroughOf } from '../definitions/checks/walk.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import type { Condition, FlagDefinition, Outcome } from '../model/definitions.gen.ts';
import { referenceId } from './edits.ts';

/** The definitions of one side, by `referenceId`, as one environment sees them. */
export class Reach {
  readonly #definitions: Definitions;
  readonly #byId: ReadonlyMap<string, Definition>;
  readonly #environment: string;

  constructor(
    definitions: Definitions,
    environment: string,
    byId: ReadonlyMap<string, Definition> = indexed(definitions),
  ) {
    this.#definitions = definitions;
    this.#byId = byId;
    this.#environment = environment;
  }

  /** Ids of all flags. */
  flags(): string[] {
    return this.#definitions.all.flatMap((each) => (each.kind === 'flag' ? [referenceId(each)] : []));
  }

  /** Ids of all that the definition refers to, by way of others too; itself first. */
  from(id: string): Set<string> {
    return closure([id], (each) => {
      const definition = this.#byId.get(each);
      return definition ? references(definition, this.#environment) : [];
    });
  }

  /** Ids of all that refers to one of these, by way of others too; these first. */
  to(ids: Iterable<string>): Set<string> {
    const start = [...ids];
    // Flags alone are cheap to look through: their rules do not matter.
    const isOfFlags = start.every((id) => id.startsWith('flag '));
    const users = new Map<string, string[]>();
    for (const definition of this.#definitions.all) {
      const found = isOfFlags ? required(definition) : references(definition, this.#environment);
      for (const id of found) {
        const known = users.get(id);
        if (known) known.push(referenceId(definition));
        else users.set(id, [referenceId(definition)]);
      }
    }
    return closure(start, (id) => users.get(id) ?? []);
  }

  /** The definitions with these ids and all that they refer to, with the project. */
  excerpt(ids: Iterable<string>): Definitions {
    const wanted = closure(ids, (id) => {
      const definition = this.#byId.get(id);
      return definition ? references(definition, this.#environment) : [];
    });
    const { project, all } = this.#definitions;
    return { project, all: all.filter((each) => each.kind === 'project' || wanted.has(referenceId(each))) };
  }
}

export function indexed({ all }: Definitions): Map<string, Definition> {
  return new Map(all.map((each) => [referenceId(each), each]));
}

function closure(start: Iterable<string>, next: (id: string) => Iterable<string>): Set<string> {
  const found = new Set(start);
  // A set is walked with what is added meanwhile.
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}

function references(definition: Definition, environment: string): string[] {
  if (definition.kind === 'segment') return segmentsIn(definition.body.if);
  if (definition.kind !== 'flag') return [];
  const here = environmentOf(definition.body, environment);
  const rules = here?.rules ?? [];
  const outcomes = [...rules.map(({ then }) => then), here && fallthroughOf(here)];
  return [
    ...required(definition),
    ...rules.flatMap((rule) => segmentsIn(rule.if)),
    ...outcomes.flatMap((outcome) => experimentIn(outcome)),
  ];
}

function environmentOf({ environments }: FlagDefinition, environment: string) {
  return Object.hasOwn(environments, environment) ? environments[environment] : undefined;
}

function required(definition: Definition): string[] {
  return definition.kind === 'flag' ? (definition.body.requires ?? []).map(({ flag }) => `flag ${flag}`) : [];
}

function segmentsIn(condition: Condition | undefined): string[] {
  return conditionsIn(condition, []).flatMap(({ condition: part }) =>
    'segment' in part ? [`segment ${part.segment}`] : [],
  );
}

function experimentIn(outcome: Outcome | undefined): string[] {
  return outcome && 'experiment' in outcome ? [`experiment ${outcome.experiment}`] : [];
}
