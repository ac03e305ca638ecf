// Examples of what only the access policy that is applied can find: no files show who signed and approved a commit.
import type { ProblemExample } from './example.ts';

export const accessExamples = {
  'access-denied': {
    mend: 'Have someone approve the commit whom a rule lets make the change, or have such a person sign it.',
    words:
      'A developer changes a flag in `prod`, and the rules let developers change only `dev` and `staging`.',
  },
  'approval-missing': {
    mend: 'Ask one of those whom the problem names to run `halyard approve <commit> --environment prod`.',
    words: 'The rule for the change says `approvals: 1`, and only its author has approved it.',
  },
  'signature-missing': {
    mend: 'Set `git config gpg.format ssh`, `user.signingKey` and `commit.gpgSign true`, and sign it with `git commit --amend --no-edit -S`. Once it is pushed, leave it, and sign an empty commit on top: `git commit --allow-empty -S`.',
    words: 'A commit without a signature, where access.yaml does not say `signatures: recorded`.',
  },
  'signature-unknown-key': {
    mend: 'Sign with a key that access.yaml has under `people`, or have the key added by someone who may change access.yaml.',
    words: 'A commit signed with a new laptop’s key, which nobody has added to access.yaml yet.',
  },
  'signature-revoked': {
    mend: 'Sign the commit again with a key that is not revoked.',
    words: 'A commit signed with a key that access.yaml lists under `revoked`.',
  },
  'signature-expired': {
    mend: 'Renew the key, replace it under `openpgp` in access.yaml, and sign the commit again.',
    words: 'A commit signed with an OpenPGP key that had expired.',
  },
  'signature-invalid': {
    mend: 'Sign the commit again, and find out who changed it after it was signed.',
    words: 'A commit whose message was changed after it had been signed.',
  },
} satisfies Record<string, ProblemExample>;
