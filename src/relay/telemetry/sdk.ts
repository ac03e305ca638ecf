// The one door to OpenTelemetry's packages: what sends spans and events, in batches out of bounded queues.
import { DiagLogLevel, diag, type Logger as EventLogger, type Tracer } from '@opentelemetry/api';
import { getNumberFromEnv, getStringFromEnv, setGlobalErrorHandler } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Logger, scrub } from '../../io/log.ts';
import type { Counters } from '../counters.ts';
import type { Identity, Telemetry } from '../telemetry.ts';
import { Calls } from './calls.ts';
import { Outlet } from './outlet.ts';
import { resourceOf } from './resource.ts';
import { samplerOf } from './sampler.ts';
import type { Protocol, Settings } from './settings.ts';

const SCOPE = 'halyard';
const MOST_COMPLAINTS = 100;

/** Opens what sends; endpoints, headers, time limits and certificates are read by the packages, from the OTEL_EXPORTER_OTLP_* variables. */
export async function openTelemetry(
  { traces, logs }: Pick<Settings, 'traces' | 'logs'>,
  identity: Identity,
  counters: Counters,
  log: Logger,
): Promise<Telemetry> {
  reportTo(log);
  const resource = resourceOf(identity);
  const spans = traces && (await spanOutlet(traces, counters, log));
  const events = logs && (await eventOutlet(logs, counters, log));
  const outlets = [spans?.outlet, events?.outlet].filter((outlet) => outlet !== undefined);
  const tracer: Tracer = new TracerProvider({
    resource,
    spanProcessors: spans ? [spans.processor] : [],
    sampler: samplerOf(getStringFromEnv('OTEL_TRACES_SAMPLER'), getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG')),
  }).getTracer(SCOPE, identity.version);
  const calls = new Calls({
    tracer,
    sendsSpans: spans !== undefined,
    events: events && eventLogger(resource, events.processor, identity),
  });
  return {
    begin: (name, headers, attributes) => calls.begin(name, headers, attributes),
    answersOf: (snapshot) => calls.answersOf(snapshot),
    queued: () => ({ spans: spans?.outlet.queued() ?? 0, events: events?.outlet.queued() ?? 0 }),
    stop: async (withinMs) => {
      const done = Promise.allSettled([spans?.processor.shutdown(), events?.processor.shutdown()]);
      const late = setTimeout(() => {
        for (const outlet of outlets) outlet.close();
      }, withinMs);
      await done;
      clearTimeout(late);
    },
  };
}

async function spanOutlet(protocol: Protocol, { telemetrySpans }: Counters, log: Logger) {
  const { OTLPTraceExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-trace-otlp-http')
    : import('@opentelemetry/exporter-trace-otlp-proto'));
  const outlet = new Outlet('spans', new OTLPTraceExporter(), telemetrySpans, log);
  const options = { ...batchOf('BSP'), exporter: outlet, selfObsMeterProvider: outlet.meters };
  return { outlet, processor: new BatchSpanProcessor(options) };
}

async function eventOutlet(protocol: Protocol, { telemetryEvents }: Counters, log: Logger) {
  const { OTLPLogExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-logs-otlp-http')
    : import('@opentelemetry/exporter-logs-otlp-proto'));
  const outlet = new Outlet('events', new OTLPLogExporter(), telemetryEvents, log);
  const options = { ...batchOf('BLRP'), exporter: outlet, selfObsMeterProvider: outlet.meters };
  return { outlet, processor: new BatchLogRecordProcessor(options) };
}

function eventLogger(
  resource: Resource,
  processor: BatchLogRecordProcessor,
  { version }: Identity,
): EventLogger {
  return new LoggerProvider({ resource, processors: [processor] }).getLogger(SCOPE, version);
}

/** More is no time that a timer can wait: it would not wait at all. */
const MOST_OF_BATCH = 2 ** 31 - 1;

/** The variables of a batch processor; what is unset or no positive number is the package's default. */
function batchOf(prefix: 'BSP' | 'BLRP') {
  const positive = (name: string) => {
    const variable = `OTEL_${prefix}_${name}`;
    const value = getNumberFromEnv(variable);
    if (value === undefined || (value > 0 && value <= MOST_OF_BATCH)) return value;
    diag.warn(`${variable} is ${value}, which is no number from 1 to ${MOST_OF_BATCH}; it is left out`);
    return undefined;
  };
  const found = {
    maxQueueSize: positive('MAX_QUEUE_SIZE'),
    scheduledDelayMillis: positive('SCHEDULE_DELAY'),
    exportTimeoutMillis: positive('EXPORT_TIMEOUT'),
    maxExportBatchSize: positive('MAX_EXPORT_BATCH_SIZE'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The parts of a complaint are a component's name, a message, an error, or data that may be of any kind and is left out. */
function wordsOf(part: unknown): string {
  if (part instanceof Error) return part.message;
  return typeof part === 'string' ? part : '';
}

/** What the packages complain of, each complaint once. What fails to be sent, an outlet tells. */
function reportTo(log: Logger): void {
  const told = new Set<string>();
  const warn = (...parts: unknown[]) => {
    const message = parts.map(wordsOf).filter(Boolean).join(': ');
    const kind = message.replace(/\d+/g, '');
    if (told.has(kind) || told.size >= MOST_COMPLAINTS) return;
    told.add(kind);
    log.warn({ reason: scrub(message) }, 'OpenTelemetry has a complaint');
  };
  const ignore = () => undefined;
  const logger = { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  setGlobalErrorHandler(ignore);
}
