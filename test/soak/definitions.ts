// The project that is served during the soak: one flag whose value is the number of the commit, and others around it.
export const FLAG = 'answer';
export const OTHERS = 49;

const PROJECT = `project: acme/shop
environments:
  prod: { salt: "c07d2e" }
attributes:
  country: { type: string }
`;

export const keyOf = (at: number) => `flag-${at}`;

/** The flag's value at a revision, which every answer names: so each answer shows by itself whether it is right. */
export const valueAt = (revision: number) => 1_000 + revision;

export function answerFile(revision: number): string {
  return `flag: ${FLAG}
description: The number of the commit.
owner: soak
permanent: true
type: number
variations: { now: ${valueAt(revision)}, off: -1 }
off: off
environments:
  prod: { serve: now }
`;
}

function otherFile(key: string, percent: number): string {
  return `flag: ${key}
description: One of many.
owner: soak
permanent: true
type: boolean
environments:
  prod:
    rules:
      - name: US ramp
        if: { attribute: country, operator: in, value: [US, CA] }
        then: { serve: on, percent: ${percent} }
    serve: off
`;
}

/** What a commit changes: the first writes all, later ones the number and one flag more. */
export function filesAt(revision: number): Record<string, string> {
  const files = { 'flags/answer.yaml': answerFile(revision) };
  const others = revision === 1 ? Array.from({ length: OTHERS }, (_, at) => at) : [revision % OTHERS];
  const written = others.map((at) => [`flags/${keyOf(at)}.yaml`, otherFile(keyOf(at), revision % 100)]);
  const project = revision === 1 ? { 'flags/project.yaml': PROJECT } : {};
  return { ...project, ...files, ...Object.fromEntries(written) };
}
