// A stand-in for GitHub's and GitLab's API of comments, spoken to over real HTTP: it keeps what it is told, and who asked how.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';

export interface Comment {
  id: number;
  body: string;
  user: { login: string };
  author: { id: number };
}

export interface CommentServer extends AsyncDisposable {
  url: string;
  comments: Comment[];
  /** `POST /repos/…`, without the queries, those that only read left out. */
  writes: string[];
  /** The values of the headers that sign in. */
  credentials: Set<string>;
  /** Answers every request with this status from now on. */
  refuse(status: number): void;
}

export const GITHUB_COMMENTS = '/repos/acme/shop/issues/7/comments';
export const GITLAB_NOTES = '/projects/42/merge_requests/7/notes';

export async function commentServer(comments: Comment[] = []): Promise<CommentServer> {
  const state = { comments, writes: [] as string[], credentials: new Set<string>(), status: 0 };
  const server = createServer((request, response) => {
    void answer(request, response, state);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    writes: state.writes,
    credentials: state.credentials,
    refuse(status) {
      state.status = status;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: { comments: Comment[]; writes: string[]; credentials: Set<string>; status: number },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { method = 'GET' } = request;
  const text = await readAll(request);
  state.credentials.add(String(request.headers.authorization ?? request.headers['private-token']));
  const send = (status: number, content: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  };
  if (state.status > 0) return send(state.status, { message: 'Refused.' });
  if (method !== 'GET') state.writes.push(`${method} ${url.pathname}`);
  if (url.pathname === '/user') return send(200, { id: 5 });
  const isList = url.pathname === GITHUB_COMMENTS || url.pathname === GITLAB_NOTES;
  if (method === 'GET' && isList) return send(200, page(state.comments, url.searchParams));
  const { body } = JSON.parse(text) as { body: string };
  if (method === 'POST' && isList) {
    const created = comment(1_000 + state.comments.length, body);
    state.comments.push(created);
    return send(201, created);
  }
  const known = state.comments.find(({ id }) => url.pathname.endsWith(`/${id}`));
  if (!known || (method !== 'PATCH' && method !== 'PUT')) return send(404, { message: 'Not Found' });
  known.body = body;
  return send(200, known);
}

function page(comments: Comment[], query: URLSearchParams): Comment[] {
  const size = Number(query.get('per_page') ?? 30);
  const at = (Number(query.get('page') ?? 1) - 1) * size;
  return comments.slice(at, at + size);
}

/** One of the workflow's own, unless it is said to be another one's. */
export function comment(id: number, body: string, login = 'github-actions[bot]', author = 5): Comment {
  return { id, body, user: { login }, author: { id: author } };
}
