// Serves a repository over https with git's own CGI program, to those who know the token.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface GitHttpsServer extends AsyncDisposable {
  url: string;
  /** The certificate to trust. */
  certificateFile: string;
  /** The Authorization headers that were sent. */
  authorizations: (string | undefined)[];
  /** The packs that were asked for: how often a client fetched something. */
  packs: number;
}

/** True where the machine can make a certificate and has git's server program. */
export function canServeGit(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    readFileSync(backend());
    return true;
  } catch {
    return false;
  }
}

/** A key and a certificate for localhost, made on the spot. */
export function makeCertificate(folder: string): {
  key: Buffer;
  certificate: Buffer;
  certificateFile: string;
} {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      keyFile,
      '-out',
      certificateFile,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(keyFile), certificate: readFileSync(certificateFile), certificateFile };
}

/**
 * @param folder a place for the key and the certificate
 * @param speaks 0: an old server, which hands out only what its branches name
 */
export async function serveGit(
  repository: string,
  folder: string,
  token: string,
  speaks: 0 | 2 = 2,
): Promise<GitHttpsServer> {
  const { key, certificate, certificateFile } = makeCertificate(folder);
  const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const authorizations: (string | undefined)[] = [];
  let packs = 0;
  const server = createServer({ key, cert: certificate }, (request, response) => {
    authorizations.push(request.headers.authorization);
    if (speaks === 0) delete request.headers['git-protocol'];
    void asksForPack(request).then((asks) => {
      packs += Number(asks);
    });
    if (request.headers.authorization === expected) answer(repository, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `https://localhost:${port}/repository`,
    certificateFile,
    authorizations,
    get packs() {
      return packs;
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** Protocol 2 names its command, protocol 0 begins with the first object that is wanted. Long requests are compressed. */
async function asksForPack(request: IncomingMessage): Promise<boolean> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  const sent = Buffer.concat(chunks);
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  return /command=fetch|^[0-9a-f]{4}want /.test(body.toString('latin1'));
}

/** RFC 3875, as far as git-http-backend(1) needs it. */
function answer(repository: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'https://localhost');
  const child = spawn(backend(), {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: join(repository, '.git'),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname.replace('/repository', ''),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const headers = output
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(': ', 2));
    const fields = Object.fromEntries(headers) as Record<string, string>;
    response.writeHead(Number.parseInt(fields.Status ?? '200', 10), fields).end(output.subarray(end + 4));
  });
}

function backend(): string {
  return join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
