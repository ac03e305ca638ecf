// A problem: a fault that the author can mend. Here is the one table of all problem codes.

export type Severity = 'error' | 'warning';

/** Where a problem is found out: by the file's name, its YAML, its shape, its meaning, a habit worth changing, by `sync`, by the access policy that is applied, or by `test` about tests of flags. */
export type ProblemGroup = 'file' | 'yaml' | 'shape' | 'meaning' | 'habit' | 'sync' | 'access' | 'test';

interface ProblemKind {
  group: ProblemGroup;
  severity: Severity;
  /** One sentence that says what the code stands for. */
  summary: string;
}

const error = (group: ProblemGroup, summary: string): ProblemKind => ({ group, severity: 'error', summary });
const warning = (summary: string, group: ProblemGroup = 'habit'): ProblemKind => ({
  group,
  severity: 'warning',
  summary,
});

/** Codes are stable: tools, audit entries and people's searches rely on them. */
export const problemCodes = {
  'project-missing': error('file', 'The folder has no project.yaml at its root.'),
  'wrong-extension': error('file', 'A definition’s file ends in .yaml, in lower case.'),
  'link-refused': error('file', 'Symbolic links are not followed.'),
  'submodule-refused': error('file', 'Submodules are not read.'),
  'folder-not-listed': error('file', 'A folder that is not looked into: too deep, or with too much in it.'),
  'path-collision': error('file', 'Two files that differ in nothing but the case of letters.'),
  'reserved-name': error('file', 'The names project.yaml and access.yaml are for the root alone.'),
  'misplaced-definition': error(
    'file',
    'A project outside project.yaml, an access policy outside access.yaml, or anything else in these two.',
  ),
  'too-many-files': error('file', 'More than 20,000 files.'),
  'file-too-large': error('file', 'A file of more than 256 KB.'),
  'folder-too-large': error('file', 'All files together are more than 64 MB.'),
  'too-many-problems': error('file', 'More problems than are worth listing.'),

  'invalid-utf8': error('yaml', 'The file is not UTF-8 text.'),
  'null-character': error('yaml', 'U+0000, raw or escaped.'),
  'control-character': error('yaml', 'A raw control character other than tab and line break.'),
  'lone-surrogate': error('yaml', 'Half of a UTF-16 surrogate pair.'),
  'invalid-yaml': error('yaml', 'The file is not valid YAML 1.2.'),
  'too-many-tokens': error('yaml', 'More than 30,000 YAML tokens.'),
  'nested-too-deep': error('yaml', 'YAML collections nested more than 64 deep.'),
  'anchor-refused': error('yaml', 'Anchors are refused: a file says what it says where it says it.'),
  'alias-refused': error('yaml', 'Aliases are refused: a file says what it says where it says it.'),
  'tag-refused': error('yaml', 'Tags are refused: the type follows from how a value is written.'),
  'directive-refused': error('yaml', 'YAML directives are refused.'),
  'complex-key-refused': error('yaml', 'Keys written with `?` are refused.'),
  'multiple-documents': error('yaml', 'One file holds one document.'),
  'key-not-text': error('yaml', 'A key that YAML reads as a number, a boolean, null or a collection.'),
  'reserved-key': error('yaml', 'The keys __proto__, constructor and prototype are refused.'),
  'duplicate-key': error('yaml', 'The same key twice in one mapping.'),
  'integer-too-large': error('yaml', 'An integer beyond ±(2^53 - 1), which JSON tools would change.'),
  'non-finite-number': error('yaml', 'Infinity and not-a-number are no values.'),

  'not-a-definition': error('shape', 'The first key does not say what the file defines.'),
  'unknown-key': error('shape', 'A key that the definition does not have.'),
  'missing-key': error('shape', 'A key that the definition needs.'),
  'conflicting-keys': error('shape', 'Keys that exclude each other.'),
  'wrong-type': error('shape', 'A value of another type than expected.'),
  'wrong-value': error('shape', 'A value that is not among those allowed, or out of range.'),
  'invalid-key': error('shape', 'A definition’s, variation’s or environment’s key that is not well-formed.'),

  'key-is-not-file-name': error('meaning', 'A definition’s file is named after its key.'),
  'duplicate-definition': error('meaning', 'Two files define the same key.'),
  'value-not-of-type': error(
    'meaning',
    'A variation’s or attribute’s value that does not fit the declared type.',
  ),
  'unknown-variation': error('meaning', 'The flag has no variation of this name.'),
  'unknown-segment': error('meaning', 'No segment has this key.'),
  'unknown-flag': error('meaning', 'No flag has this key.'),
  'unknown-experiment': error('meaning', 'No experiment has this key.'),
  'unknown-metric': error('meaning', 'No metric has this key.'),
  'unknown-environment': error('meaning', 'No environment of project.yaml has this name.'),
  'unknown-attribute': error('meaning', 'No attribute of project.yaml has this name.'),
  'weights-not-100': error('meaning', 'Weights do not sum to exactly 100.'),
  'too-many-decimals': error('meaning', 'Percentages and weights have at most two decimals.'),
  'invalid-instant': error('meaning', 'Not an instant: a day, a time and a zone, as in RFC 3339.'),
  'steps-not-ascending': error('meaning', 'A ramp’s step is not after the one before it.'),
  'window-backwards': error('meaning', 'A rule ends before it begins, or at once.'),
  'target-twice': error('meaning', 'A unit is a target twice in one environment.'),
  'segment-cycle': error('meaning', 'Segments refer to each other in a circle.'),
  'requirement-cycle': error('meaning', 'Flags require each other in a circle.'),
  'condition-too-deep': error('meaning', 'More than 16 levels of `and`, `or` and `not`.'),
  'expansion-too-large': error('meaning', 'Written out, a flag has more than 100,000 conditions.'),
  'operator-does-not-fit': error('meaning', 'The operator does not fit the attribute’s declared type.'),
  'missing-value': error('meaning', 'The operator needs a `value`.'),
  'invalid-value': error('meaning', 'The `value` is not of a type that the operator compares with.'),
  'invalid-regex': error('meaning', 'Not a regular expression in RE2 syntax.'),
  'regex-too-long': error('meaning', 'A regular expression of more than 500 characters.'),
  'regex-too-large': error(
    'meaning',
    'A regular expression whose repetitions unfold to more than 2,100 steps.',
  ),
  'regexes-too-large': error('meaning', 'A file’s regular expressions unfold to more than 200,000 steps.'),
  'invalid-semver': error('meaning', 'Not a version of Semantic Versioning 2.0.'),
  'invalid-date': error('meaning', 'Not a date of the calendar.'),
  'invalid-cidr': error('meaning', 'Not a block of IP addresses in CIDR notation.'),
  'arm-not-a-variation': error('meaning', 'An experiment’s arm is not a variation of its flag.'),
  'experiment-of-another-flag': error('meaning', 'A flag uses the experiment of another flag.'),
  'experiment-not-used': error('meaning', 'An experiment is running, but no rule of its flag uses it.'),
  'slot-backwards': error('meaning', 'A slot ends before it starts.'),
  'slots-overlap': error('meaning', 'Two experiments own the same part of a layer.'),
  'layer-units-differ': error('meaning', 'Experiments of one layer share one unit.'),

  'shared-identity': error(
    'meaning',
    'A key, an address or a login that two people of the access policy have.',
  ),
  'invalid-path-pattern': error('meaning', 'A path of an access rule that is no pattern of `*` and `**`.'),

  'project-renamed': error('sync', 'A commit that changes the project’s name, which can never change.'),
  'overridden-variation-removed': error(
    'sync',
    'A commit that removes the variation which an emergency override serves.',
  ),

  'access-denied': error(
    'access',
    'A change that no rule of the access policy lets its signer or approvers make.',
  ),
  'approval-missing': error('access', 'A change that a rule allows once more people approve it.'),
  'signature-missing': error('access', 'A commit without a signature, where the policy requires one.'),
  'signature-unknown-key': error('access', 'A commit signed with a key that the policy gives to nobody.'),
  'signature-revoked': error('access', 'A commit signed with a key that the policy has revoked.'),
  'signature-expired': error('access', 'A commit signed with a key or a signature whose time was over.'),
  'signature-invalid': error('access', 'A commit whose signature does not hold.'),

  'unreachable-rule': warning(
    'A rule that nobody reaches, or nobody in its percentage: those before it take everyone for whom it holds.',
  ),
  'never-holds': warning('A condition that no context fulfils.'),
  'value-not-declared': warning('A value that the attribute, as it is declared, never has.'),
  'linear-without-effect': warning('A `linear` ramp of one step, which goes nowhere.'),
  'schedule-over': warning('A ramp or a rule’s window that has been over for 30 days.'),
  'flag-expired': warning('A temporary flag that is past its day.'),
  'flag-without-owner': warning('A flag that nobody answers for.'),
  'flag-without-description': warning('A flag that does not say what it does.'),
  'rule-without-name': warning('A rule that decisions and plans can only call by its number.'),
  'segment-not-used': warning('A segment that nothing refers to.'),
  'unit-not-declared': warning('A unit that is not among the declared attributes, or is a list.'),
  'experiment-without-hypothesis': warning('A running experiment that does not say what it expects.'),
  'experiment-without-primary': warning('A running experiment without a metric that decides.'),
  'experiment-without-size': warning(
    'A running experiment that does not say how many units its result needs, or until when it goes.',
  ),
  'experiment-over': warning('A running experiment that is past its planned end.'),
  'nothing-to-compare': warning(
    'A running experiment in which fewer than two arms get units, or the first does not.',
  ),
  'exposures-off': warning('A running experiment whose units are never reported.'),
  'metric-repeated': warning('A metric that one experiment names twice.'),
  'guardrail-without-margin': warning('A guardrail that does not say which loss is still acceptable.'),
  'mean-without-value': warning('A metric that is a mean of nothing in particular.'),
  'ratio-of-itself': warning('A ratio of an event and itself.'),
  'cap-not-fitting': warning('A cap that makes at least half of all units count as the same.'),
  'share-like-percentage': warning('A minimum effect or a margin of 100 percent and more.'),
  'access-locked': warning('An access policy that nobody could ever change again.'),
  'access-rule-unreachable': warning('An access rule that never decides, since an earlier one always does.'),
  'role-of-nobody': warning('A role of an access rule that nobody has.'),
  'role-without-rule': warning('A role other than `viewer` that no access rule is about.'),
  'person-without-key': warning('A person of the access policy who has nothing to sign with.'),
  'openpgp-key-missing': warning('An OpenPGP fingerprint in a policy that holds no OpenPGP key.'),
  'too-few-approvers': warning('An access rule that asks for more approvals than there are people to give.'),
  'weak-access-rule': warning('A role that may change the policy with fewer approvals than flags.'),

  'duplicate-case': error('test', 'Two cases of a test have the same name.'),
  'unknown-rule': error('test', 'The flag has no rule of this name in the environment.'),
  'unknown-value': error('test', 'No variation of the flag has the expected value.'),
  'unknown-arm': error('test', 'The experiment has no arm of this name.'),
  'arm-not-fixable': error(
    'test',
    'An arm that no unit can have, alone or beside the others that a case fixes.',
  ),
  'invalid-bucket-range': error('test', 'Not a bucket, or a range of buckets, from 0 to 9999.'),
  'bucket-ranges-overlap': error('test', 'Two ranges of a case share a bucket.'),
  'unknown-matrix-variable': error('test', 'A placeholder that the matrix of the case does not have.'),
  'too-many-cases': error(
    'test',
    'More than 10,000 cases in a file or 100,000 in all, or too many values in them.',
  ),
  'matrix-variable-not-used': warning('A list of values in a matrix that changes nothing.', 'test'),
  'attribute-not-declared': warning(
    'A test’s context has an attribute that project.yaml does not declare.',
    'test',
  ),
  'attribute-not-of-type': warning('A test’s context has a value that is not of the declared type.', 'test'),
  'test-without-time': warning('A test of a flag with a schedule that does not say at which time.', 'test'),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemCodes;

/** `file` is relative to the definitions' folder. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  code: ProblemCode;
  severity: Severity;
  /** What happened, to which thing, what was expected: whole sentences. */
  message: string;
  /** What to do next. */
  hint: string;
}

/** Orders problems by file, line and column, then by code, so that the order never depends on who found what first. */
export function compareProblems(a: Problem, b: Problem): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
