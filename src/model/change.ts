// A change: what one commit or operator did to one definition, as the audit keeps it and as people read it.

/** One field that differs: `at` says where in words (`rule "US ramp"`, empty at the top), `field` names it, the values are text. */
export interface PatchItem {
  at: string;
  field: string;
  /** Absent where the field was not there before. */
  before?: string;
  /** Absent where the field is gone. */
  after?: string;
}

/** One changed row: of `definition` without an environment, of `environment_definition` with one. Digests are lower-case hex. */
export interface Change {
  kind: string;
  key: string;
  environment?: string;
  action: 'created' | 'updated' | 'deleted';
  /** Absent for a created one. */
  before?: string;
  /** Absent for a deleted one. */
  after?: string;
  /** Field by field, for an updated one; personal values are printed as `<personal>`. */
  patch: PatchItem[];
}
