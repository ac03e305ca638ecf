// What is known about a subject: tests that hold for it, and tests that do not.
import type { AttributeCondition, AttributeDeclaration } from '../model/definitions.gen.ts';

/** One test and its answer. `units`: the attribute's unit text is (or is not) among some. */
export type Literal = { holds: boolean } & (
  | { kind: 'attribute'; test: AttributeCondition }
  | { kind: 'units'; unit: string; among: readonly string[] }
);

/** What is known of an attribute; without a type it may be of any. */
export type Declared = Partial<Pick<AttributeDeclaration, 'type' | 'values' | 'list'>>;

/** The declared attributes by name, `targetingKey` among them; undefined where the project declares none. */
export type Attributes = ReadonlyMap<string, Declared> | undefined;
