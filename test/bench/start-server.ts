// A bare fastify server as a process of its own, for the bench of starts: it answers one POST with fixed bytes.
import fastify from 'fastify';

const [port = '', answer = ''] = process.argv.slice(2);
const app = fastify({ logger: false });
app.post('/v1/evaluate/:flag', (_request, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8').send(answer);
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
