// Starts what records calls for OpenTelemetry, and loads none of it unless the OTEL_* variables ask for it.
import type { Environment } from '../../io/env.ts';
import type { Logger } from '../../io/log.ts';
import type { Counters } from '../counters.ts';
import type { Identity, Telemetry } from '../telemetry.ts';
import { readSettings } from './settings.ts';

/**
 * Starts to record where the variables ask for it (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 * What they say that is not understood is logged and left out, since an app's answers do not depend on it.
 */
export async function startTelemetry(
  environment: Environment,
  identity: Identity,
  counters: Counters,
  log: Logger,
): Promise<Telemetry | undefined> {
  const { traces, logs, remarks } = readSettings(environment);
  for (const reason of remarks) log.warn({ reason }, 'an OpenTelemetry variable is left out');
  if (!traces && !logs) return undefined;
  const { openTelemetry } = await import('./sdk.ts');
  return openTelemetry({ traces, logs }, identity, counters, log);
}
