// One server of the HTTP bench, in a process of its own: the relay, or one that it is compared with.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import fastify from 'fastify';
import { relayOf, tell } from './forked.ts';

/** Answers by path, as the relay gave them; they come in a file. */
type Answers = { [path: string]: string };

/** Reads and parses the body, as any server must. */
async function bareNode(answers: Answers): Promise<string> {
  const server = createServer((request, response) => {
    readBody(request, (body) => {
      JSON.parse(body);
      const answer = answers[request.url ?? ''] ?? '';
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(answer),
      });
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () =>
    done((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString()),
  );
}

async function bareFastify(answers: Answers): Promise<string> {
  const app = fastify({ logger: false });
  for (const [path, answer] of Object.entries(answers)) {
    app.post(path, (_request, reply) => {
      reply.header('content-type', 'application/json; charset=utf-8').send(answer);
    });
  }
  return app.listen({ host: '127.0.0.1', port: 0 });
}

const start: { [kind: string]: (argument: string) => Promise<string> } = {
  relay: async (folder) => (await relayOf(folder)).url,
  node: (file) => bareNode(answersIn(file)),
  fastify: (file) => bareFastify(answersIn(file)),
  schemas: async (file) => (await import('./http-schema.ts')).fastifyWithSchemas(answersIn(file)),
  stringify: async (folder) => (await import('./http-stringify.ts')).fastifyWithStringify(folder),
  unleash: async () => (await import('./http-unleash.ts')).unleashProxy(),
};

function answersIn(file: string): Answers {
  return JSON.parse(readFileSync(file, 'utf8')) as Answers;
}

const [kind = '', argument = ''] = process.argv.slice(2);
const url = await start[kind]?.(argument);
if (url === undefined) throw new Error(`there is no server of kind ${kind}`);
tell(url);
