// Checks of which pull requests speak for a commit, and the tests that turn red without them.
import type { Pair } from './pair.ts';

const GITHUB = 'src/sync/evidence/github.ts';
const GITLAB = 'src/sync/evidence/gitlab.ts';

export const FORGE_PAIRS: readonly Pair[] = [
  {
    check: 'a pull request’s reviews are for the very commit that it was merged as',
    file: GITHUB,
    edits: [['commit !== undefined && commits.includes(commit)', 'commit !== undefined']],
    tests: [
      [
        'test/sync/forge/github.test.ts',
        'was merged as another commit',
        'are not those that were merged as another commit',
      ],
    ],
  },
  {
    check: 'a merge request’s approvals are for the very commit that it was merged as',
    file: GITLAB,
    edits: [['commit !== undefined && commits.includes(commit)', 'commit !== undefined']],
    tests: [
      [
        'test/sync/forge/gitlab.test.ts',
        'was merged as another commit',
        'which came to the branch, and as no other commit',
      ],
    ],
  },
  {
    check: 'a pull request speaks for the branch that it was merged into',
    file: GITHUB,
    edits: [['into !== undefined && into === wanted && ', '']],
    tests: [['test/sync/forge/github.test.ts', 'was merged into another branch']],
  },
  {
    check: 'a merge request speaks for the branch that it was merged into',
    file: GITLAB,
    edits: [['return isInto && commit', 'return commit']],
    tests: [['test/sync/forge/gitlab.test.ts', 'was merged into another branch']],
  },
  {
    check: 'who reviews something on top of a refused commit has not looked at that one',
    file: 'src/sync/judging.ts',
    edits: [['head?.isEmpty && head.definitionsTree', 'head && head.definitionsTree']],
    tests: [
      [
        'test/sync/forge/sync.pg.test.ts',
        'whoever approves something else on top of a refused commit has not approved that one',
      ],
    ],
  },
  {
    check: 'a forge that answers nothing sensible at all is away',
    file: 'src/sync/evidence/reviews.ts',
    edits: [['await this.#options.forge.assertThere(signal);', '']],
    tests: [
      [
        'test/sync/evidence/gather.test.ts',
        'are not known yet where the forge says nothing sensible about the repository either',
      ],
    ],
  },
];
