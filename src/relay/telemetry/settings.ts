// What the OTEL_* variables ask for: which signals are sent, and how. What is not understood is told, and that signal stays off.
import type { Environment } from '../../io/env.ts';

export type Protocol = 'http/protobuf' | 'http/json';

export interface Settings {
  /** Undefined: no spans are sent. */
  traces: Protocol | undefined;
  /** Undefined: no log records are sent. */
  logs: Protocol | undefined;
  /** Sentences about what is not understood. */
  remarks: string[];
}

/** Empty variables count as unset, as the specification demands. */
export function readSettings(environment: Environment): Settings {
  const remarks: string[] = [];
  const disabled = textOf(environment, 'OTEL_SDK_DISABLED')?.toLowerCase() ?? 'false';
  if (disabled === 'true') return { traces: undefined, logs: undefined, remarks };
  const traces = protocolOf(environment, 'TRACES', remarks);
  const logs = protocolOf(environment, 'LOGS', remarks);
  // Who meant to switch it off should hear that it is on.
  if (disabled !== 'false' && (traces || logs)) {
    remarks.push(`OTEL_SDK_DISABLED is ${disabled}; only true switches OpenTelemetry off.`);
  }
  return { traces, logs, remarks };
}

/** A signal is sent where its exporter is `otlp`, or where there is an endpoint to send it to and no exporter is named. */
function protocolOf(
  environment: Environment,
  signal: 'TRACES' | 'LOGS',
  remarks: string[],
): Protocol | undefined {
  const exporter = textOf(environment, `OTEL_${signal}_EXPORTER`);
  const endpoint =
    textOf(environment, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) ??
    textOf(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (exporter === 'none' || (exporter === undefined && endpoint === undefined)) return undefined;
  if (exporter !== undefined && exporter !== 'otlp') {
    remarks.push(`OTEL_${signal}_EXPORTER is ${exporter}; a relay knows otlp and none.`);
    return undefined;
  }
  // OpenTelemetry's own packages would send it to the default place instead. What stands there may be a secret.
  if (endpoint !== undefined && !isHttp(endpoint)) {
    remarks.push(
      `The OTLP endpoint for ${signal.toLowerCase()} is no address; it looks like http://127.0.0.1:4318.`,
    );
    return undefined;
  }
  const protocol =
    textOf(environment, `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ??
    textOf(environment, 'OTEL_EXPORTER_OTLP_PROTOCOL') ??
    'http/protobuf';
  if (protocol === 'http/protobuf' || protocol === 'http/json') return protocol;
  remarks.push(
    `The OTLP protocol for ${signal.toLowerCase()} is ${protocol}; a relay speaks http/protobuf and http/json, mostly on port 4318.`,
  );
  return undefined;
}

function isHttp(endpoint: string): boolean {
  return URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol);
}

function textOf(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}
