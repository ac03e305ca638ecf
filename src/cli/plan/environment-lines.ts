// What a plan says of a flag in one environment, line by line, for the terminal and for Markdown alike.
import type { EnvironmentPlan, FlagPlan } from '../../plan/plan.ts';
import type { Report } from './report.ts';
import {
  caseSentence,
  ruleSentence,
  scheduleLines,
  subjectsSentence,
  targetsSentence,
  whoText,
  withoutSentences,
} from './sentences.ts';
import type { Quote } from './shares-text.ts';

/** Groups of subjects told of one environment, and rules. */
const MOST_CASES = 10;
const MOST_RULES = 10;

export interface EnvironmentLine {
  text: string;
  /** Whom the line is about, where it is not everyone. */
  who?: string;
  /** What could not be worked out: a sentence of ours, in which an author may be quoted. */
  isLimit?: true;
}

export interface EnvironmentGroup {
  environments: string[];
  /** `through segment staff`; empty where it is the flag's own file alone. */
  through: string;
  lines: EnvironmentLine[];
}

/** Who moves first, then how each rule differs, then what is planned for later. */
function environmentLines(
  report: Report,
  { flag, action }: FlagPlan,
  part: EnvironmentPlan,
  quote: Quote,
): EnvironmentLine[] {
  const cases = part.cases.slice(0, MOST_CASES).map((each): EnvironmentLine => {
    const who = whoText(each, quote);
    return { text: caseSentence(each, action, quote), ...(who !== '' && { who }) };
  });
  const targets = targetsSentence(part.targets, quote);
  const counts = report.countsOf(flag, part.environment);
  const contexts = report.subjects?.contexts ?? 0;
  const without = withoutSentences(part.without, quote);
  const nobody = cases.length + without.length + part.limits.length === 0 && targets === '';
  return [
    ...cases,
    ...more(part.cases.length - cases.length, 'group of subjects', 'groups of subjects'),
    ...without.map((text) => ({ text })),
    ...(nobody ? [{ text: 'nobody moves' }] : []),
    ...part.limits.map((text): EnvironmentLine => ({ text, isLimit: true })),
    ...(targets === '' ? [] : [{ text: targets }]),
    ...ruleLines(part, action, quote),
    ...scheduleLines(part.schedule, quote).map((text) => ({ text })),
    ...(counts ? [{ text: subjectsSentence(counts, contexts, quote) }] : []),
  ];
}

/** The environments of a flag, those of which the same is said together, in the order of promotion. */
export function environmentGroups(report: Report, flag: FlagPlan, quote: Quote): EnvironmentGroup[] {
  const groups = new Map<string, EnvironmentGroup>();
  for (const part of flag.environments) {
    const said = {
      through: throughText(part, flag.flag, quote),
      lines: environmentLines(report, flag, part, quote),
    };
    const id = JSON.stringify(said);
    const group = groups.get(id) ?? { environments: [], ...said };
    group.environments.push(part.environment);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** The definitions other than the flag's own through which it is touched: `through segment staff`; empty for none. */
function throughText({ through }: EnvironmentPlan, flag: string, quote: Quote): string {
  const others = through.filter(({ kind, key }) => !(kind === 'flag' && key === flag));
  const named = others.map(({ kind, key }) => (kind === 'project' ? 'the project' : `${kind} ${quote(key)}`));
  return named.length === 0 ? '' : `through ${named.join(', ')}`;
}

/** Of a new flag and of one that is gone the cases say it all, and of a rule that decides for everyone the only case does. */
function ruleLines(
  { rules, cases }: EnvironmentPlan,
  action: FlagPlan['action'],
  quote: Quote,
): EnvironmentLine[] {
  if (action === 'created' || action === 'deleted') return [];
  const [only] = cases;
  const isSimple = only !== undefined && cases.length === 1 && only.when.length === 0 && rules.length === 1;
  if (isSimple) return [];
  const lines = rules.slice(0, MOST_RULES).map((rule) => ({ text: ruleSentence(rule, quote) }));
  return [...lines, ...more(rules.length - lines.length, 'rule', 'rules')];
}

function more(count: number, one: string, many: string): EnvironmentLine[] {
  return count <= 0 ? [] : [{ text: `and ${count.toLocaleString('en')} ${count === 1 ? one : many} more` }];
}
