// Examples of access policies that contradict themselves, or say less than their authors think.
import type { ProblemExample } from './example.ts';
import { access, EXAMPLE_KEYS } from './writers.ts';

const [ALICE, BOB, CAROL] = EXAMPLE_KEYS;
const DEVELOPER = ` bob: { keys: ["${BOB}"], roles: [developer] }`;

export const policyExamples = {
  'shared-identity': {
    mend: 'Give every person a key of their own, and no address or login twice.',
    diff: access({
      people: `
-bob: { keys: ["${ALICE}"], roles: [admin] }
+bob: { keys: ["${BOB}"], roles: [admin] }`,
    }),
  },
  'invalid-path-pattern': {
    mend: 'Use `*` for anything within a name and `**` for any number of folders, and a pattern of its own for each alternative.',
    diff: access({
      people: ` bob: { keys: ["${BOB}"], roles: [developer] }`,
      rules: `
-- { role: developer, may: [change], paths: ["{checkout,search}/**"] }
+- { role: developer, may: [change], paths: ["checkout/**", "search/**"] }`,
    }),
  },
  'access-locked': {
    mend: 'Let someone with a key `change-access`, in all environments, and ask for no more approvals than there are others who may.',
    diff: `# access.yaml
 access: 1
 people:
   alice: { keys: ["${ALICE}"], roles: [admin] }
 rules:
-  - { role: admin, may: [change] }
+  - { role: admin, may: [change, change-access] }`,
  },
  'access-rule-unreachable': {
    mend: 'Put the narrower rule first: the first one that fits decides, also where a later one is stricter or laxer.',
    diff: access({
      people: DEVELOPER,
      rules: `
-- { role: developer, may: [change] }
 - { role: developer, may: [change], environments: [prod], approvals: 1 }
+- { role: developer, may: [change] }`,
    }),
  },
  'role-of-nobody': {
    mend: 'Correct the name, give someone the role, or remove the rule.',
    diff: access({
      people: DEVELOPER,
      rules: `
 - { role: developer, may: [change], environments: [dev] }
-- { role: release-manager, may: [change] }`,
    }),
  },
  'role-without-rule': {
    mend: 'Correct the name, add a rule for the role, or call it `viewer`, which needs none.',
    diff: access({
      people: `-bob: { keys: ["${BOB}"], roles: [reader] }\n+bob: { keys: ["${BOB}"], roles: [viewer] }`,
    }),
  },
  'person-without-key': {
    mend: 'Add the fingerprint that `ssh-keygen -lf ~/.ssh/id_ed25519.pub` prints to the `keys` of the person.',
    diff: access({ people: `-bob: { roles: [admin] }\n+bob: { keys: ["${BOB}"], roles: [admin] }` }),
  },
  'openpgp-key-missing': {
    mend: 'Add the public key, armored as GnuPG exports it, to the list `openpgp`.',
    diff: access({
      people: ' bob: { keys: ["0123456789ABCDEF0123456789ABCDEF01234567"], roles: [admin] }',
      more: `
+openpgp:
+  - |
+    -----BEGIN PGP PUBLIC KEY BLOCK-----
+    mDMEaR8...
+    -----END PGP PUBLIC KEY BLOCK-----`,
    }),
  },
  'too-few-approvers': {
    mend: 'Ask for fewer approvals, or let more people make the change: only those who may make it can approve it.',
    diff: access({
      people: DEVELOPER,
      rules: `
-- { role: developer, may: [change], environments: [prod], approvals: 2 }
+- { role: developer, may: [change], environments: [prod], approvals: 1 }`,
    }),
  },
  'weak-access-rule': {
    mend: 'Ask for as many approvals where the role may `change-access`.',
    diff: access({
      people: `
 bob: { keys: ["${BOB}"], roles: [maintainer] }
 carol: { keys: ["${CAROL}"], roles: [maintainer] }`,
      rules: `
 - { role: maintainer, may: [change], approvals: 1 }
-- { role: maintainer, may: [change-access] }
+- { role: maintainer, may: [change-access], approvals: 1 }`,
    }),
  },
} satisfies Record<string, ProblemExample>;
