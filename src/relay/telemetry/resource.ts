// Whose spans and events are sent, in OpenTelemetry's words: a resource.
import { diag } from '@opentelemetry/api';
import { getStringFromEnv } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  type Resource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import type { Identity } from '../telemetry.ts';

/** What the variables say of the resource comes before what the relay knows of itself. */
export function resourceOf({ version, environment, instanceId }: Identity): Resource {
  const own = resourceFromAttributes({
    'service.name': 'halyard-relay',
    'service.version': version,
    'service.instance.id': instanceId,
    'deployment.environment.name': environment,
  });
  const attributes = detectResources({ detectors: [resourceAttributesEnvDetector] });
  if (isUnreadable(attributes)) {
    // Not a word of what stands there, which may be a secret.
    diag.warn(
      'OTEL_RESOURCE_ATTRIBUTES cannot be read, so all of it is left out; it looks like key=value,key=value, percent-encoded, each key and value at most 255 characters long',
    );
  }
  const serviceName = detectResources({ detectors: [serviceNameEnvDetector] });
  return defaultResource().merge(own).merge(attributes).merge(serviceName);
}

/** For one fault the package leaves out everything, without a word. Between commas it lets nothing stand. */
function isUnreadable({ attributes }: Resource): boolean {
  const saysSomething = /[^\s,]/.test(getStringFromEnv('OTEL_RESOURCE_ATTRIBUTES') ?? '');
  return saysSomething && Object.keys(attributes).length === 0;
}
