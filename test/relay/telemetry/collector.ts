// An OpenTelemetry collector to send to: keeps every byte, reads OTLP in JSON, and hangs or fails when told to.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  kind: number;
  status: { code: number };
  attributes: Attributes;
  events: { name: string; attributes: Attributes }[];
}

export interface LogEvent {
  traceId?: string;
  spanId?: string;
  eventName: string;
  body?: object;
  attributes: Attributes;
}

export type Attributes = { [name: string]: unknown };

interface Received {
  path: string;
  headers: { [name: string]: string | string[] | undefined };
  bytes: Buffer;
}

export class Collector implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #waiting = new Set<ServerResponse>();
  /** `hang`: takes what is sent, and never answers. */
  manner: 'ok' | 'hang' | 'refuse' = 'ok';

  private constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request).then((bytes) => {
        this.received.push({ path: request.url ?? '', headers: request.headers, bytes });
        if (this.manner === 'hang') this.#waiting.add(response);
        else response.writeHead(this.manner === 'ok' ? 200 : 401).end();
      });
    });
  }

  /** @param port 0 takes a free one */
  static async start(port = 0): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => collector.#server.listen(port, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get resources(): Attributes[] {
    return this.#documents('/v1/traces', 'resourceSpans').map(({ resource }) => plain(resource.attributes));
  }

  get spans(): Span[] {
    return this.#documents('/v1/traces', 'resourceSpans').flatMap(({ scopeSpans = [] }) =>
      scopeSpans.flatMap(({ spans = [] }) =>
        spans.map((span) => ({
          ...(span as unknown as Span),
          attributes: plain(span.attributes),
          events: (span.events ?? []).map((event) => ({ ...event, attributes: plain(event.attributes) })),
        })),
      ),
    );
  }

  get events(): LogEvent[] {
    return this.#documents('/v1/logs', 'resourceLogs').flatMap(({ scopeLogs = [] }) =>
      scopeLogs.flatMap(({ logRecords = [] }) =>
        logRecords.map((record) => ({
          ...(record as unknown as LogEvent),
          attributes: plain(record.attributes),
        })),
      ),
    );
  }

  #documents(path: string, member: string): OtlpResource[] {
    return this.received
      .filter((received) => received.path === path)
      .flatMap(
        ({ bytes }) => (JSON.parse(bytes.toString()) as { [member: string]: OtlpResource[] })[member] ?? [],
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

interface OtlpAttribute {
  key: string;
  value: { [type: string]: unknown };
}

interface OtlpResource {
  resource: { attributes: OtlpAttribute[] };
  scopeSpans?: {
    spans?: { attributes: OtlpAttribute[]; events?: { name: string; attributes: OtlpAttribute[] }[] }[];
  }[];
  scopeLogs?: { logRecords?: { attributes: OtlpAttribute[] }[] }[];
}

function plain(attributes: OtlpAttribute[]): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
