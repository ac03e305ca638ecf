// Who may what where, as tables written by hand from the policy below: looked up, never computed. No code of src/ is used.

/** The policy that the tables are about, as its people would read it. */
export const POLICY = `
access: 1
people: (see permission-people.ts)
rules:
  1  admin      change, override
  2  admin      change-access                                   1 approval
  3  developer  change, override   dev
  4  developer  change             staging     search/**        2 approvals
  5  lead       change             staging     search/**        1 approval
  6  developer  change             staging
  7  developer  change             prod        checkout/**      1 approval
`;

/** Who stands behind a commit by its signature. */
export type Signer = 'admin' | 'developer' | 'lead-developer' | 'viewer' | 'nobody';
/** Whose approvals are worth something. */
export type Approvers =
  | 'none'
  | 'dev'
  | 'view'
  | 'lead'
  | 'admin'
  | 'dev+lead'
  | 'dev+admin'
  | 'dev+dev'
  | 'admin+admin';

/** What a place asks for; each is a table of its own. */
export type Demand = 'free' | 'one' | 'two' | 'admins' | 'policy';

/** By what is asked, signer and approvers: `+` where the change may be made. */
const VERDICTS: Readonly<Record<Demand, string>> = {
  // Developers and admins alone.
  free: `
                    none  dev  view  lead  admin  dev+lead  dev+admin  dev+dev  admin+admin
    admin            +     +    +     +     +       +         +          +        +
    developer        +     +    +     +     +       +         +          +        +
    lead-developer   +     +    +     +     +       +         +          +        +
    viewer           -     +    -     -     +       +         +          +        +
    nobody           -     +    -     -     +       +         +          +        +`,
  // Developers with one approval, admins alone.
  one: `
                    none  dev  view  lead  admin  dev+lead  dev+admin  dev+dev  admin+admin
    admin            +     +    +     +     +       +         +          +        +
    developer        -     +    -     -     +       +         +          +        +
    lead-developer   -     +    -     -     +       +         +          +        +
    viewer           -     -    -     -     +       -         +          +        +
    nobody           -     -    -     -     +       -         +          +        +`,
  // Developers with two approvals, leads with one, admins alone. Who is both needs two: that rule comes first.
  two: `
                    none  dev  view  lead  admin  dev+lead  dev+admin  dev+dev  admin+admin
    admin            +     +    +     +     +       +         +          +        +
    developer        -     -    -     -     +       +         +          +        +
    lead-developer   -     -    -     -     +       +         +          +        +
    viewer           -     -    -     -     +       +         +          -        +
    nobody           -     -    -     -     +       +         +          -        +`,
  // Admins alone, nobody else.
  admins: `
                    none  dev  view  lead  admin  dev+lead  dev+admin  dev+dev  admin+admin
    admin            +     +    +     +     +       +         +          +        +
    developer        -     -    -     -     +       -         +          -        +
    lead-developer   -     -    -     -     +       -         +          -        +
    viewer           -     -    -     -     +       -         +          -        +
    nobody           -     -    -     -     +       -         +          -        +`,
  // Admins with one approval of another admin, nobody else.
  policy: `
                    none  dev  view  lead  admin  dev+lead  dev+admin  dev+dev  admin+admin
    admin            -     -    -     -     +       -         +          -        +
    developer        -     -    -     -     -       -         -          -        +
    lead-developer   -     -    -     -     -       -         -          -        +
    viewer           -     -    -     -     -       -         -          -        +
    nobody           -     -    -     -     -       -         -          -        +`,
};

export type Action = 'change' | 'deletion' | 'move' | 'metric' | 'override' | 'change-access';

/**
 * By action and environment, what is asked for a file in checkout/ and for one in search/. Where all environments count,
 * all columns are what the strictest of them asks. A move goes from checkout/ to the folder that is named.
 */
const DEMANDS = `
                          dev           staging       prod
  change    checkout      free          free          one
  change    search        free          two           admins
  deletion  checkout      free          free          one
  deletion  search        free          two           admins
  move      checkout      one           one           one
  move      search        admins        admins        admins
  metric    checkout      one           one           one
  metric    search        admins        admins        admins
  override  checkout      free          admins        admins
  override  search        free          admins        admins
  change-access -         policy        policy        policy
`;

export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const demands = new Map(
  rowsOf(DEMANDS)
    .slice(1)
    .flatMap(([action, folder, ...cells]) =>
      cells.map((demand, i) => [`${action} ${folder} ${ENVIRONMENTS[i]}`, demand as Demand] as const),
    ),
);

const verdicts = new Map(
  Object.entries(VERDICTS).flatMap(([demand, table]) => {
    const [columns = [], ...rows] = rowsOf(table);
    return rows.flatMap(([signer, ...cells]) =>
      cells.map((cell, i) => [`${demand} ${signer} ${columns[i]}`, cell === '+'] as const),
    );
  }),
);

/** Whether the tables let it be made, signatures aside. */
export function isAllowed(
  what: { action: Action; folder: string; environment: Environment },
  signer: Signer,
  approvers: Approvers,
): boolean {
  const demand = demands.get(`${what.action} ${what.folder} ${what.environment}`);
  const verdict = verdicts.get(`${demand} ${signer} ${approvers}`);
  if (verdict === undefined)
    throw new Error(`the tables do not know ${JSON.stringify({ ...what, signer, approvers })}`);
  return verdict;
}

function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}
