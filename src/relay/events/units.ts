// Units as they leave the relay: as they are, or as pseudonyms where they are personal; never a personal one in clear.
import type { KeyObject } from 'node:crypto';
import { unitOf } from '../../engine/subject.ts';
import type { Logger } from '../../io/log.ts';
import { readUnitKey } from '../../io/unit-key.ts';
import type { Context } from '../../model/context.ts';
import { isEventUnit } from '../../model/event-limits.ts';
import { pseudonym } from '../../model/pseudonym.ts';
import type { UnitAttribute } from './scope.ts';

export class Units {
  readonly #keyFile: string | undefined;
  readonly #log: Logger;
  #key: KeyObject | undefined;
  readonly #untold = new Set<string>();

  private constructor(keyFile: string | undefined, key: KeyObject | undefined, log: Logger) {
    this.#keyFile = keyFile;
    this.#key = key;
    this.#log = log;
  }

  /** Throws a UsageError where the file of the key is no good. */
  static async open(keyFile: string | undefined, log: Logger): Promise<Units> {
    return new Units(keyFile, keyFile === undefined ? undefined : await readUnitKey(keyFile), log);
  }

  /** Throws a UsageError where the file of the key is no good; the key stays. */
  async reload(): Promise<void> {
    if (this.#keyFile === undefined) return;
    this.#key = await readUnitKey(this.#keyFile);
    this.#untold.clear();
  }

  /** Personal attributes whose units could not be told of. */
  get untold(): string[] {
    return [...this.#untold];
  }

  /** The text that is hashed into buckets; undefined where the context has no such unit. */
  inContext({ read }: UnitAttribute, context: Context): string | undefined {
    return unitOf(read(context));
  }

  /** What may leave the relay of a unit, or why nothing may. */
  outside({ name, isPersonal }: UnitAttribute, unit: string): { unit: string } | 'personal' | 'unit' {
    if (!isEventUnit(unit)) return 'unit';
    if (!isPersonal) return { unit };
    if (this.#key) return { unit: pseudonym(this.#key, name, unit) };
    if (!this.#untold.has(name)) {
      this.#untold.add(name);
      this.#log.warn(
        { attribute: name },
        'events of this personal attribute are dropped: start the relay with --unit-key-file to send pseudonyms',
      );
    }
    return 'personal';
  }
}
