// What a report tells of an analysis, before any format: sentences in parts, and numbers as texts. What may not be read is not in it.
import type { Analysis } from '../analysis.ts';
import { unitsOf } from './change.ts';
import { factsOf, nextOf, planOf, subjectOf } from './facts.ts';
import { type Alert, alertsOf, EARLY, headlineOf, type Tone, toneOf } from './headline.ts';
import { type ToldMetric, toldMetric } from './metric.ts';
import { notesOf } from './notes.ts';
import { foreign, type Sentence } from './sentence.ts';
import { looksTable, splitSentences, splitTable, type ToldTable } from './tables.ts';

export interface Told {
  headline: Sentence;
  tone: Tone;
  /** Where, when, of which revision. */
  subject: Sentence;
  hypothesis?: string;
  owner?: string;
  alerts: Alert[];
  /** How far it is, and what that means for the numbers. */
  facts: Sentence[];
  split: ToldTable & { isBroken: boolean; sentences: Sentence[] };
  /** The primary metric first, guardrails last; empty where nothing may be read. */
  metrics: ToldMetric[];
  /** Reasons and cautions. */
  notes: Sentence[];
  /** Planned looks that were taken; without rows where there are none, or they may not be read. */
  looks: ToldTable;
  plan: Sentence[];
  methods: { metrics: string[]; lines: string[] }[];
  /** A command that may come next. */
  next?: string;
}

export function toldOf(analysis: Analysis): Told {
  const { hypothesis, owner, verdict, split, primary, secondary, guardrails, plan } = analysis;
  const isReadable = verdict.kind !== 'broken-split';
  const manner = {
    alpha: plan.alpha,
    confidence: primary.confidence,
    isEarly: EARLY.has(verdict.kind),
    isSequential: plan.sequential !== null,
  };
  const results = isReadable ? [primary, ...secondary, ...guardrails] : [];
  const metrics = results.map((result, index) => {
    if ('verdicts' in result) return toldMetric(result, 'guardrail', manner);
    return toldMetric(result, index === 0 ? 'primary' : 'secondary', manner);
  });
  const next = nextOf(analysis);
  return {
    headline: headlineOf(analysis),
    tone: toneOf(analysis),
    subject: subjectOf(analysis),
    ...(hypothesis !== undefined && { hypothesis }),
    ...(owner !== undefined && { owner }),
    alerts: alertsOf(analysis),
    facts: factsOf(analysis),
    split: {
      ...splitTable(split),
      isBroken: split.isBroken,
      sentences: splitSentences(split),
    },
    metrics,
    notes: [...analysis.notes.map(foreign), ...notesOf(results)],
    looks: looksTable(isReadable ? analysis : { ...analysis, looks: [] }),
    plan: [...planOf(analysis), ...unitsOf(results)],
    methods: methodsOf(results),
    ...(next !== undefined && { next }),
  };
}

/** Metrics that are computed in the same way are told of once. */
function methodsOf(results: readonly { metric: string; method: string[] }[]): Told['methods'] {
  const groups = Map.groupBy(results, ({ method }) => method.join('\n'));
  return [...groups.values()].map((group) => ({
    metrics: group.map(({ metric }) => metric),
    lines: group[0]?.method ?? [],
  }));
}
