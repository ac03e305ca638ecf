// Which variables switch OpenTelemetry on, and which off.
import { expect, it } from 'vitest';
import { samplerOf } from '../../../src/relay/telemetry/sampler.ts';
import { readSettings } from '../../../src/relay/telemetry/settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

it.each<
  [title: string, variables: { [name: string]: string }, traces: string | undefined, logs: string | undefined]
>([
  ['nothing is set', {}, undefined, undefined],
  [
    'an endpoint is empty, which is as good as unset',
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    undefined,
    undefined,
  ],
  ['there is a place to send to', endpoint, 'http/protobuf', 'http/protobuf'],
  [
    'it is of traces',
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/v1/traces' },
    'http/protobuf',
    undefined,
  ],
  ['it is of logs', { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://c/v1/logs' }, undefined, 'http/protobuf'],
  ['the usual place is asked for', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf', undefined],
  ['a signal is none', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, undefined, 'http/protobuf'],
  ['all is off', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, undefined, undefined],
  ['off is false', { ...endpoint, OTEL_SDK_DISABLED: 'False' }, 'http/protobuf', 'http/protobuf'],
  ['off is no word, and nothing is on', { OTEL_SDK_DISABLED: 'yes' }, undefined, undefined],
  ['JSON is asked for', { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json', 'http/json'],
  [
    'a signal has a protocol of its own',
    {
      ...endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf',
    },
    'http/json',
    'http/protobuf',
  ],
])('%s', (_title, variables, traces, logs) => {
  expect(readSettings(variables)).toEqual({ traces, logs, remarks: [] });
});

it.each([
  [
    { ...endpoint, OTEL_TRACES_EXPORTER: 'console' },
    'OTEL_TRACES_EXPORTER is console; a relay knows otlp and none.',
  ],
  [
    { ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4317' },
    'The OTLP endpoint for traces is no address; ',
  ],
  [{ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }, 'The OTLP protocol for traces is grpc; '],
])('%j leaves traces off, and says why', (variables, remark) => {
  const { traces, logs, remarks } = readSettings(variables);
  expect([traces, logs, remarks]).toEqual([undefined, 'http/protobuf', [expect.stringContaining(remark)]]);
});

it('whoever switches it off by another word than true hears that it is on', () => {
  expect(readSettings({ ...endpoint, OTEL_SDK_DISABLED: '1' })).toEqual({
    traces: 'http/protobuf',
    logs: 'http/protobuf',
    remarks: ['OTEL_SDK_DISABLED is 1; only true switches OpenTelemetry off.'],
  });
});

const parents =
  'remoteParentSampled=AlwaysOnSampler, remoteParentNotSampled=AlwaysOffSampler, ' +
  'localParentSampled=AlwaysOnSampler, localParentNotSampled=AlwaysOffSampler';

it.each<[name: string | undefined, ratio: number | undefined, sampler: string]>([
  [undefined, undefined, `ParentBased{root=AlwaysOnSampler, ${parents}}`],
  ['parentbased_always_on', undefined, `ParentBased{root=AlwaysOnSampler, ${parents}}`],
  ['parentbased_always_off', undefined, `ParentBased{root=AlwaysOffSampler, ${parents}}`],
  ['parentbased_traceidratio', 0.01, `ParentBased{root=TraceIdRatioBased{0.01}, ${parents}}`],
  ['traceidratio', 0.5, 'TraceIdRatioBased{0.5}'],
  ['traceidratio', 7, 'TraceIdRatioBased{1}'],
  ['always_on', undefined, 'AlwaysOnSampler'],
  ['always_off', undefined, 'AlwaysOffSampler'],
  ['toString', undefined, `ParentBased{root=AlwaysOnSampler, ${parents}}`],
])('OTEL_TRACES_SAMPLER=%s with %s is %s', (name, ratio, sampler) => {
  expect(String(samplerOf(name, ratio))).toBe(sampler);
});
