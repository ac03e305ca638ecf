// Examples of habits that are worth a warning.
import type { ProblemExample } from './example.ts';
import { files, flag, flagIf, segment, user } from './writers.ts';

export const habitExamples = {
  'unreachable-rule': {
    mend: 'Put the rule before the one that takes everyone, or remove it.',
    diff: flag(`
 rules:
-  - { name: everyone, then: { serve: on } }
   - { name: beta, if: { attribute: beta, operator: eq, value: true }, then: { serve: off } }
+  - { name: everyone, then: { serve: on } }
`),
  },
  'never-holds': {
    mend: 'Correct the value, declare it in project.yaml, or remove the condition.',
    diff: flagIf(
      '-if: { attribute: country, operator: eq, value: UK }\n+if: { attribute: country, operator: eq, value: US }',
    ),
  },
  'value-not-declared': {
    mend: 'Correct the value, declare it in project.yaml, or remove it from the list.',
    diff: flagIf(
      '-if: { attribute: country, operator: in, value: [US, UK] }\n+if: { attribute: country, operator: in, value: [US, CA] }',
    ),
  },
  'linear-without-effect': {
    mend: 'Add the step at which the ramp begins, or remove `linear`.',
    diff: flag(`
 serve: on
 ramp:
+  - { at: 2099-12-01T09:00:00Z, percent: 0 }
   - { at: 2099-12-08T09:00:00Z, percent: 100 }
 linear: true
`),
  },
  'schedule-over': {
    mend: 'Write what holds now: `percent` instead of the ramp, no `from`, no rule whose `until` has passed.',
    diff: flag(`
 serve: on
-ramp:
-  - { at: 2020-12-01T09:00:00Z, percent: 5 }
-  - { at: 2020-12-08T09:00:00Z, percent: 25 }
+percent: 25
`),
  },
  'flag-expired': {
    mend: 'Remove the flag from the code and then its file, or give it a later day.',
    diff: flag(' serve: on').replace(' permanent: true', '-expires: 2020-03-31\n+expires: 2099-03-31'),
  },
  'flag-without-owner': {
    mend: 'Add `owner:` with a team or a person.',
    diff: flag(' serve: on').replace(' owner: payments', '+owner: payments'),
  },
  'flag-without-description': {
    mend: 'Add `description:` with a sentence on what the flag switches.',
    diff: flag(' serve: on').replace(' description:', '+description:'),
  },
  'rule-without-name': {
    mend: 'Add `name:`, so that decisions, tests and plans can call the rule by it.',
    diff: flag(`
 rules:
-  - if: { attribute: beta, operator: eq, value: true }
+  - name: beta
+    if: { attribute: beta, operator: eq, value: true }
     then: { serve: on }
`),
  },
  'segment-not-used': {
    mend: 'Use the segment in a condition, or remove its file.',
    diff: files(
      user('segment', 'staff'),
      segment('staff', ' include: [alice]'),
      '# friends.yaml\n-segment: friends\n-include: [bob]',
    ),
  },
  'unit-not-declared': {
    mend: 'Declare the attribute in project.yaml as one text, or use another as the unit.',
    diff: flag(' serve: on', { more: '-unit: userId\n+unit: email' }),
  },
} satisfies Record<string, ProblemExample>;
