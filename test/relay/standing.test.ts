// The answers for all flags are exchanged from caller to caller: texts, tags and counts are as if each were made anew.
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import { Answers } from '../../src/relay/answers.ts';
import { Evaluations } from '../../src/relay/counters.ts';

const FLAGS = ['a', 'b', 'c', 'd'];
const metadata = Object.freeze({ environment: 'prod', revision: 7 });
const shared = new Map<string, Decision>();

/** The same object for the same flag and variation, as the engine has it. */
function decided(flag: string, variation: string): Decision {
  const key = `${flag}=${variation}`;
  const decision = shared.get(key) ?? { flag, value: variation, variation, reason: 'SPLIT', metadata };
  shared.set(key, decision);
  return decision;
}

/** What each of several callers gets: a letter per flag is its variation. */
const callers = ['xxxx', 'xyxx', 'xyxx', 'yxxz', 'xxxx', 'zzzz', 'xxxx'].map((variations) =>
  FLAGS.map((flag, at) => decided(flag, variations[at] as string)),
);

describe('Standing', () => {
  test('each caller gets the texts and the tag of its own answers', () => {
    const answers = new Answers();
    for (const decisions of callers) {
      const [standing, anew] = [answers.giveEvery(decisions), new Answers().giveEvery(decisions)];
      expect(standing.items().map(String)).toEqual(anew.items().map(String));
      expect(standing.members().map(String)).toEqual(
        decisions.map((decision) => `,"${decision.flag}":${JSON.stringify(decision)}`),
      );
      expect(standing.tag()).toBe(anew.tag());
    }
  });

  test('texts that are asked for late are those of the last caller', () => {
    const answers = new Answers();
    for (const decisions of callers.slice(0, 4)) answers.giveEvery(decisions);
    const standing = answers.giveEvery(callers[3] as Decision[]);
    expect(standing.items().map((item) => JSON.parse(String(item).slice(1)).variant)).toEqual([...'yxxz']);
    expect(standing.tag()).toBe(new Answers().giveEvery(callers[3] as Decision[]).tag());
  });

  test('tags differ where one answer does', () => {
    const answers = new Answers();
    const tags = callers.map((decisions) => answers.giveEvery(decisions).tag());
    expect(tags[1]).toBe(tags[2]);
    expect(tags[0]).toBe(tags[4]);
    expect(new Set(tags).size).toBe(4);
  });

  test('each answer counts once per caller that it was given to, alone or among all, whenever counts are taken', () => {
    const answers = new Answers();
    const evaluations = new Evaluations();
    const expected = new Map<string, number>();
    const given = ({ flag, variation }: Decision) => {
      const key = `${flag}=${variation}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    };
    for (const [n, decisions] of callers.entries()) {
      answers.giveEvery(decisions);
      decisions.forEach(given);
      const [one] = decisions as [Decision];
      answers.give(one);
      given(one);
      if (n % 3 === 0) evaluations.take(answers);
    }
    evaluations.take(answers);
    evaluations.take(answers);
    const counted = [...evaluations.all()].map(
      ({ flag, variation, count }) => [`${flag}=${variation}`, count] as const,
    );
    expect(new Map(counted)).toEqual(expected);
  });
});
