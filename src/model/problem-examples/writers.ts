// The frames that examples stand in, so that each shows little more than its problem. Lines carry their diff's marks.

/** Indents marked lines: the mark stays in the first column. */
function indented(lines: string, width: number): string {
  return marked(lines).replace(/^(.)(?=.)/gm, `$1${' '.repeat(width)}`);
}

function marked(lines: string): string {
  return lines.replace(/^\n|\n$/g, '');
}

/** A boolean flag: `prod` are the lines under its environment, `more` those above `environments:`. */
export function flag(prod: string, { key = 'checkout', more = '' } = {}): string {
  return `# ${key}.yaml
 flag: ${key}
 description: The checkout on a single page.
 owner: payments
 permanent: true
 type: boolean
${more ? `${marked(more)}\n` : ''} environments:
   prod:
${indented(prod, 4)}`;
}

/** A flag of one rule, whose `if:` is given in marked lines. */
export function flagIf(lines: string, key = 'checkout'): string {
  return flag(` rules:\n   - name: some\n${indented(lines, 4)}\n     then: { serve: on }`, { key });
}

/** A segment. */
export function segment(key: string, lines: string): string {
  return `# ${key}.yaml\n segment: ${key}\n${marked(lines)}`;
}

/** A metric: its kind and key are given in marked lines. */
export function metric(lines: string): string {
  return `${marked(lines)}\n event: purchase\n type: binary\n direction: increase`;
}

/** A flag whose rules use the experiments or segments that are named, so that nothing else is wrong with them. */
export function user(of: 'experiment' | 'segment', ...names: string[]): string {
  const rules = names.map((name) =>
    of === 'experiment'
      ? ` - { name: ${name}, then: { experiment: ${name} } }`
      : ` - { name: ${name}, if: { segment: ${name} }, then: { serve: on } }`,
  );
  return flag(` rules:\n${rules.map((rule) => ` ${rule}`).join('\n')}`);
}

/** A draft of an experiment on that flag; `lines` say its share, and its arms where they matter. */
export function experiment(key: string, lines: string, arms = true): string {
  return `# ${key}.yaml
 experiment: ${key}
 flag: checkout
 status: draft
 environments: [prod]
${arms ? ' arms: [{ variation: off, weight: 50 }, { variation: on, weight: 50 }]\n' : ''}${marked(lines)}`;
}

/** A whole experiment that runs, of the flag `checkout` and the metric `purchase`. */
export function measured(metric = ''): string {
  return files(
    user('experiment', 'layout'),
    `# layout.yaml
 experiment: layout
 flag: checkout
 hypothesis: A single page raises completed purchases.
 status: running
 environments: [prod]
 traffic: 50
 arms: [{ variation: off, weight: 50 }, { variation: on, weight: 50 }]
 metrics: { primary: purchase }
 analysis: { minimumEffect: 0.05 }`,
    metric || '# purchase.yaml\n metric: purchase\n event: purchase\n type: binary\n direction: increase',
  );
}

/** An access policy in which alice may do everything; `more` are further marked lines, and `people` and `rules` items of these. */
export function access({ people = '', rules = '', more = '' } = {}): string {
  return files(
    `# access.yaml
 access: 1
 people:
   alice: { keys: ["${EXAMPLE_KEYS[0]}"], roles: [admin] }`,
    ...(people ? [indented(people, 2)] : []),
    ...(more ? [more] : []),
    ' rules:\n   - { role: admin, may: [change, change-access] }',
    ...(rules ? [indented(rules, 2)] : []),
  );
}

/** Fingerprints of three keys. */
export const EXAMPLE_KEYS = [
  'SHA256:Tq0eBJuOS1X2bpQ8ZmqSFJb0H0hPaK0rW1c0zq8Yw3I',
  'SHA256:pV7m2YzLcQd9R4x0uKfTnE6sWgHj1bAoXi3MlCvN5k8',
  'SHA256:Jd3wFhYtR8nQx5ZoMkVbL1cPsE7aGuIi9TzXr2KvO4w',
] as const;

/** Files one after the other. */
export function files(...texts: string[]): string {
  return texts.map(marked).join('\n');
}
