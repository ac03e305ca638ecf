// Examples of conditions that do not hold together, or cost too much.
import { checkoutFile, type ProblemExample, textFile } from './example.ts';
import { files, flagIf, segment, user } from './writers.ts';

export const conditionExamples = {
  'unknown-segment': {
    mend: 'Correct the name, or add the segment.',
    diff: files(
      flagIf('-if: { segment: freinds }\n+if: { segment: friends }'),
      segment('friends', ' if: { segment: staff }'),
      segment('staff', ' include: [alice]'),
      user('segment', 'friends').replaceAll('checkout', 'new-cart'),
    ),
  },
  'unknown-attribute': {
    mend: 'Correct the name, or declare the attribute in project.yaml.',
    diff: flagIf(
      '-if: { attribute: contry, operator: eq, value: US }\n+if: { attribute: country, operator: eq, value: US }',
    ),
  },
  'condition-too-deep': {
    mend: 'Move a part of the condition to a segment, or merge what is nested without need.',
    words: 'A condition is written under 17 `not`s.',
    files: (side) => {
      const depth = side === 'broken' ? 17 : 15;
      const condition = `${'{ not: '.repeat(depth)}{ attribute: beta, operator: exists }${' }'.repeat(depth)}`;
      return [checkoutIf(condition)];
    },
  },
  'expansion-too-large': {
    mend: 'Refer to fewer segments, or let an app send one attribute instead of many conditions.',
    words:
      'A segment of 400 conditions stands 300 times in the condition of a flag: written out, that is 120,000.',
    files: (side) => {
      const tests = Array.from({ length: 400 }, () => '{ attribute: beta, operator: exists }').join(', ');
      const uses = Array.from({ length: side === 'broken' ? 300 : 100 }, () => '{ segment: staff }').join(
        ', ',
      );
      return [
        textFile('staff.yaml', `segment: staff\nif: { or: [${tests}] }\n`),
        checkoutIf(`{ or: [${uses}] }`),
      ];
    },
  },
  'operator-does-not-fit': {
    mend: 'Use an operator of the attribute’s declared type; the hint lists them.',
    diff: flagIf(
      '-if: { attribute: appVersion, operator: gte, value: 4 }\n+if: { attribute: appVersion, operator: semver_gte, value: "4.0.0" }',
    ),
  },
  'missing-value': {
    mend: 'Add `value:` with what the attribute is compared with.',
    diff: flagIf(
      '-if: { attribute: plan, operator: eq }\n+if: { attribute: plan, operator: eq, value: pro }',
    ),
  },
  'invalid-value': {
    mend: 'Write a value that the operator can compare with: a number for `gt`, a text for `contains`.',
    diff: flagIf(
      '-if: { attribute: age, operator: gt, value: "18" }\n+if: { attribute: age, operator: gt, value: 18 }',
    ),
  },
  'invalid-regex': {
    mend: 'Write it in RE2 syntax: without lookaround and backreferences. Single quotes keep backslashes as they are.',
    diff: flagIf(
      "-if: { attribute: ip, operator: matches, value: '10[.](?=1)' }\n+if: { attribute: ip, operator: matches, value: '10[.]1' }",
    ),
  },
  'regex-too-long': {
    mend: 'Shorten it, or use `in`, `starts_with` or `contains` with a list.',
    words: 'A regular expression lists names until it has more than 500 characters.',
    files: (side) => [pattern('a|'.repeat(side === 'broken' ? 251 : 200))],
  },
  'regex-too-large': {
    mend: 'Use smaller repetitions: nested ones multiply.',
    diff: flagIf(
      "-if: { attribute: ip, operator: matches, value: '((a|b){30}){30}' }\n+if: { attribute: ip, operator: matches, value: '(a|b){30}' }",
    ),
  },
  'regexes-too-large': {
    mend: 'Use fewer regular expressions, or smaller repetitions in them.',
    words: 'A condition has a list of 300 expressions such as `a{900}`, each of which is allowed alone.',
    files: (side) => [
      pattern(...Array.from({ length: side === 'broken' ? 300 : 100 }, (_, i) => `a{${700 + i}}`)),
    ],
  },
  'invalid-semver': {
    mend: 'Write all three numbers, in quotes: "4.10.0".',
    diff: flagIf(
      '-if: { attribute: appVersion, operator: semver_gte, value: 4.10 }\n+if: { attribute: appVersion, operator: semver_gte, value: "4.10.0" }',
    ),
  },
  'invalid-cidr': {
    mend: 'Write an address and how many of its bits count: at most 32, for IPv6 128.',
    diff: flagIf(
      '-if: { attribute: ip, operator: in_cidr, value: 10.0.0.0/33 }\n+if: { attribute: ip, operator: in_cidr, value: 10.0.0.0/24 }',
    ),
  },
} satisfies Record<string, ProblemExample>;

/** A flag with one rule of this condition. */
function checkoutIf(condition: string) {
  return checkoutFile(`    rules: [{ name: some, if: ${condition}, then: { serve: on } }]`);
}

/** A flag whose condition is these regular expressions. */
function pattern(...patterns: string[]) {
  const list = patterns.map((text) => `"${text}"`).join(', ');
  return checkoutIf(`{ attribute: ip, operator: matches, value: [${list}] }`);
}
