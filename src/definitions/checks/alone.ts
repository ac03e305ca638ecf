// Everything about a definition that its file alone can tell. It is looked at once for each version of a file.

import { ticked } from '../../lib/printable.ts';
import { isOfType } from '../../logic/value-types.ts';
import type { Definition } from '../../model/definition.ts';
import type { AttributeDeclaration, ProjectDefinition } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { accessFindings } from './access.ts';
import { dateFindings } from './dates.ts';
import { habitFindings } from './habits.ts';
import { measuringFindings, metricFindings } from './measuring.ts';
import { conditionFindings } from './operands.ts';
import { requirementFindings } from './requirements.ts';
import { scheduleFindings } from './schedules.ts';
import { experimentShareFindings, flagShareFindings } from './shares.ts';
import { targetFindings } from './targets.ts';
import { hintsByType, variationFindings } from './variations.ts';
import type { PlacedCondition } from './walk.ts';

/** `conditions` are all conditions of the definition. */
export function findingsAlone(definition: Definition, conditions: readonly PlacedCondition[]): Finding[] {
  switch (definition.kind) {
    case 'flag':
      return [
        ...variationFindings(definition.body),
        ...flagShareFindings(definition.body),
        ...scheduleFindings(definition.body),
        ...targetFindings(definition.body),
        ...requirementFindings(definition.body),
        ...dateFindings('expires', definition.body.expires),
        ...conditionFindings(conditions),
        ...habitFindings(definition.body),
      ];
    case 'segment':
      return conditionFindings(conditions);
    case 'experiment':
      return [
        ...experimentShareFindings(definition.body),
        ...dateFindings('end', definition.body.end),
        ...measuringFindings(definition.body),
      ];
    case 'project':
      return projectFindings(definition.body);
    case 'access':
      return accessFindings(definition.body);
    case 'metric':
      return metricFindings(definition.body);
  }
}

function projectFindings({ attributes = {} }: ProjectDefinition): Finding[] {
  return Object.entries(attributes).flatMap(([name, declaration]) => {
    const path = ['attributes', name];
    const findings = declaredValueFindings(declaration, [...path, 'values']);
    if (name === 'targetingKey' && (declaration.type !== 'string' || declaration.list)) {
      const message = '`targetingKey` is always one text: expected `type: string`, and no `list`.';
      const hint = 'Give another attribute another name.';
      findings.push({ code: 'value-not-of-type', path, message, hint });
    }
    return findings;
  });
}

const hints: Record<AttributeDeclaration['type'], string> = {
  ...hintsByType,
  semver: 'Write a version in quotes, such as "4.2.0".',
  date: 'Write RFC 3339, such as 2027-03-31T12:00:00Z, or epoch milliseconds.',
};

function declaredValueFindings({ type, values = [] }: AttributeDeclaration, path: Path): Finding[] {
  return values.flatMap((value, i): Finding[] => {
    if (isOfType[type](value)) return [];
    const message = `The value does not fit the attribute's type: expected a ${ticked(type)}.`;
    return [{ code: 'value-not-of-type', path: [...path, i], message, hint: hints[type] }];
  });
}
