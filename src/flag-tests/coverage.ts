// Coverage: of all ways through the flags, those that no case takes.

import { snapshotOf } from '../definitions/environments.ts';
import { lineAndColumn, offsetOf } from '../definitions/positions.ts';
import type { ReadFile } from '../definitions/read-file.ts';
import { compile } from '../engine/compile.ts';
import type { Explanation } from '../engine/explain.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import type { FlagCase } from './flag-case.ts';
import { type WayThrough, waysTaken, waysThrough } from './outcomes.ts';

export interface Coverage {
  /** How many ways through the flags there are, and how many of them cases take. */
  total: number;
  covered: number;
  /** Sorted by key. */
  flags: FlagCoverage[];
}

export interface FlagCoverage {
  flag: string;
  /** The definition's file. */
  file: string;
  /** Whether any case tests the flag. */
  tested: boolean;
  total: number;
  covered: number;
  /** In the order of the definition. */
  missed: Missed[];
}

/** A way that no case takes, and where it stands in `file` of its flag. */
export interface Missed {
  environment: string;
  way: string;
  line: number;
  column: number;
}

/** Notes which ways the cases take. */
export class CoverageNotes {
  readonly #taken = new Map<string, Set<string>>();
  readonly #tested = new Set<string>();

  note({ flag, environment }: Pick<FlagCase, 'flag' | 'environment'>, explanation: Explanation): void {
    this.#tested.add(flag);
    const place = `${environment}\t${flag}`;
    const taken = this.#taken.get(place) ?? new Set();
    this.#taken.set(place, taken);
    for (const way of waysTaken(explanation)) taken.add(way);
  }

  /** Of the flags that `wants` names. `files` are what the definitions were read from. */
  coverage(
    definitions: Definitions,
    files: ReadonlyMap<string, ReadFile>,
    wants: (flag: string) => boolean = () => true,
  ): Coverage {
    const ways = waysOfAll(definitions);
    const flags = definitions.all.flatMap((definition): FlagCoverage[] => {
      if (definition.kind !== 'flag' || !wants(definition.key)) return [];
      return [this.#ofFlag(definition, ways.get(definition.key) ?? [], files.get(definition.path))];
    });
    const sum = (part: 'total' | 'covered') => flags.reduce((all, flag) => all + flag[part], 0);
    return { total: sum('total'), covered: sum('covered'), flags };
  }

  #ofFlag({ key, path }: Definition, ways: readonly PlacedWay[], file: ReadFile | undefined): FlagCoverage {
    const missed = ways.filter(
      ({ environment, way }) => !this.#taken.get(`${environment}\t${key}`)?.has(way.id),
    );
    const text = missed.length > 0 && file ? new TextDecoder().decode(file.content) : '';
    return {
      flag: key,
      file: path,
      tested: this.#tested.has(key),
      total: ways.length,
      covered: ways.length - missed.length,
      missed: missed.map(({ environment, way }) => ({
        environment,
        way: way.name,
        ...lineAndColumn(text, file ? offsetOf(file.value, file.offsets, way.path, 'value') : 0),
      })),
    };
  }
}

interface PlacedWay {
  environment: string;
  way: WayThrough;
}

/** By flag. Where a flag does not name an environment, there is nothing to test. */
function waysOfAll(definitions: Definitions): Map<string, PlacedWay[]> {
  const ways = new Map<string, PlacedWay[]>();
  const named = new Map<string, object>();
  for (const { kind, key, body } of definitions.all) if (kind === 'flag') named.set(key, body.environments);
  for (const environment of Object.keys(definitions.project.environments)) {
    const { flags } = compile(snapshotOf(definitions, environment, 1));
    for (const [key, flag] of flags) {
      if (!Object.hasOwn(named.get(key) ?? {}, environment)) continue;
      const found = waysThrough(flag, environment).map((way) => ({ environment, way }));
      ways.set(key, [...(ways.get(key) ?? []), ...found]);
    }
  }
  return ways;
}
