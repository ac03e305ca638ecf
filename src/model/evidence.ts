// What speaks for a commit beside its content: its signature, and the approvals of its tree. The audit keeps both as they are here.

/**
 * What became of a signature when it was first seen.
 * - `unsigned`: there is none
 * - `unverified`: nobody has judged it (entries of content version 1)
 * - `valid`: it holds, and its key is one of the applied policy's
 * - `unknown-key`: its key is none of the policy's, or there is no policy
 * - `revoked`: its key is on the policy's list of revoked keys
 * - `expired`: an OpenPGP key or signature whose time was over
 * - `invalid`: it does not hold
 */
export type SignatureStatus =
  | 'unsigned'
  | 'unverified'
  | 'valid'
  | 'unknown-key'
  | 'revoked'
  | 'expired'
  | 'invalid';

export interface Signature {
  status: SignatureStatus;
  /** The signing key: `SHA256:…` for SSH, the primary key's upper-case hex digits for OpenPGP. */
  fingerprint?: string;
  /** The person of the applied policy whose key it is, or for whom a trusted key vouches. Only of a valid one. */
  person?: string;
  /** A trusted key signed, and vouches for the author. Only of a valid one. */
  vouched?: true;
}

/** A person's signature over a tree (`halyard approve`), embedded whole. */
export interface ApprovalEvidence {
  kind: 'approval';
  /** The signed text: the canonical JSON of an ApprovalStatement. */
  statement: string;
  /** The armored SSH signature of it, namespace `halyard-approval`. */
  signature: string;
  /** What was found of the signature. */
  signed: Signature;
  /** Its time was over when it was first seen, so it counts for nothing. Taken as given when the entry is derived again. */
  expired?: true;
}

export interface ApprovalStatement {
  v: 1;
  project: string;
  /** The tree of the definitions' folder: what is under the path in the approved commit. */
  tree: string;
  /** Sorted. Where it counts. */
  environments: string[];
  /** RFC 3339, UTC: it counts for commits that are first judged before. */
  expires: string;
}

/** The forge's record of one review, as it was when the commit was judged. */
export interface ForgeEvidence {
  kind: 'github-review' | 'gitlab-approval';
  pullRequest: number;
  /** The reviewer's login at the forge. */
  reviewer: string;
  /** The commit that was reviewed, and its definitions' tree. */
  commit: string;
  tree: string;
  /** RFC 3339, UTC. */
  at: string;
  /** The members of the forge's answer that it follows from, as canonical JSON. */
  record: string;
}

/** A `Reviewed-by:` line of the commit's message. Follows from the commit. */
export interface TrailerEvidence {
  kind: 'trailer';
  /** `Name <mail>`, as the line says. */
  by: string;
}

export type Evidence = ApprovalEvidence | ForgeEvidence | TrailerEvidence;

/** A commit that a merge brings in from its other parents, and that touches the definitions. */
export interface MergedCommit {
  commit: string;
  /** `Name <mail>`. */
  author: string;
  signature: Signature;
}
