// The one table of systems that definitions can be imported from.
import { importFeaturevisor, importFeaturevisorProject } from '../../import/featurevisor/featurevisor.ts';
import { importFlagd } from '../../import/flagd/flagd.ts';
import { importGoff } from '../../import/goff/goff.ts';
import { importGrowthBook } from '../../import/growthbook/growthbook.ts';
import type { Imported, ImportOptions } from '../../import/imported.ts';
import { importUnleash } from '../../import/unleash/unleash.ts';

export interface System {
  name: string;
  /** What its file is. */
  takes: string;
  /** Throws UsageError where the text is no such file. */
  read: (text: string, options: ImportOptions) => Imported;
  /** For a system whose definitions are a folder of YAML. */
  readFolder?: (files: readonly { path: string; text: string }[], options: ImportOptions) => Imported;
}

export const systems: readonly System[] = [
  { name: 'flagd', takes: 'flag definitions (JSON or YAML)', read: importFlagd },
  {
    name: 'unleash',
    takes: 'an export, the features of the client API, or of the admin API (JSON)',
    read: importUnleash,
  },
  { name: 'growthbook', takes: 'the payload of an SDK connection (JSON)', read: importGrowthBook },
  {
    name: 'featurevisor',
    takes: 'a datafile (JSON, schema version 2), or the folder of a project (YAML)',
    read: importFeaturevisor,
    readFolder: importFeaturevisorProject,
  },
  { name: 'goff', takes: 'flags of GO Feature Flag (YAML or JSON)', read: importGoff },
];
