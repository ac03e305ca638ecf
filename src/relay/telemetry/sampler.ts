// Which calls are recorded, as OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG say.
import { diag } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

const SAMPLERS: { [name: string]: (ratio: number) => Sampler } = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

/**
 * The sampler of that name; by default every call is recorded whose caller's is.
 * @param ratio the share of calls, 0 to 1; 1 where it is none
 */
export function samplerOf(name = 'parentbased_always_on', ratio = 1): Sampler {
  const made = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (!made) diag.warn(`OTEL_TRACES_SAMPLER is ${name}, which there is not; it is parentbased_always_on`);
  const isRatio = ratio >= 0 && ratio <= 1;
  if (!isRatio) diag.warn(`OTEL_TRACES_SAMPLER_ARG is ${ratio}, which is no share from 0 to 1; it is 1`);
  return (made ?? (() => new ParentBasedSampler({ root: new AlwaysOnSampler() })))(isRatio ? ratio : 1);
}
