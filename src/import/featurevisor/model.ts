// A project of Featurevisor as it is imported: what a datafile and what a folder of YAML have in common.
import type { JsonValue } from '../../lib/json.ts';
import type { JsonObject } from '../read.ts';

export interface Project {
  /** By key. */
  segments: ReadonlyMap<string, { description?: string; conditions: JsonValue }>;
  features: readonly Feature[];
  /** Empty where the files name none. */
  environments: string[];
}

export interface Feature {
  key: string;
  /** Its place in the files. */
  what: string;
  description?: string;
  tags: string[];
  /** Members that have no place. */
  unread: string[];
  bucketBy: JsonValue;
  required: JsonValue[];
  disabledVariationValue?: JsonValue;
  variablesSchema: ReadonlyMap<string, JsonObject>;
  variations: JsonObject[];
  /** By the environment's name; by `''` where the files name none. */
  traffic: ReadonlyMap<string, Traffic>;
}

export interface Traffic {
  force: JsonObject[];
  rules: Rule[];
  /** Whether the feature shares its units with others of a group. */
  isInGroup: boolean;
}

export interface Rule {
  key: string;
  segments: JsonValue;
  /** In percent, from 0 to 100. */
  percentage: number;
  enabled?: boolean;
  variation?: JsonValue;
  variables: JsonObject;
  /** The variables that have other values for a part of those whom the rule takes. */
  overrides: JsonObject;
  /** How those who are in are split, by the variations' values. Empty where they get none. */
  weights: { variation: JsonValue; weight: number }[];
}
