// The YAML language server that editors run, as a process that is spoken to as an editor speaks to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  ConfigurationRequest,
  createMessageConnection,
  type Diagnostic,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type MessageConnection,
  type Position,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

const root = join(import.meta.dirname, '../..');
const SETTINGS = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };

export class LanguageServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #diagnostics = new Map<string, PromiseWithResolvers<Diagnostic[]>>();

  private constructor(folder: string, process: ChildProcess, connection: MessageConnection) {
    this.#folder = folder;
    this.#process = process;
    this.#connection = connection;
  }

  /** `schemas`: globs of files by their schema, as the setting `yaml.schemas` has them. `folder` is opened in the editor. */
  static async start(schemas: { [uri: string]: string } = {}, folder = root): Promise<LanguageServer> {
    const bin = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');
    const child = spawn(process.execPath, [bin, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const server = new LanguageServer(folder, child, connection);
    connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(({ section }) => (section === 'yaml' ? { ...SETTINGS, schemas } : {})),
    );
    connection.onRequest(RegistrationRequest.type, () => {});
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) =>
      server.#diagnosticsOf(uri).resolve(diagnostics),
    );
    connection.listen();
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: {
        workspace: { configuration: true },
        textDocument: {
          hover: { contentFormat: ['markdown'] },
          completion: { completionItem: { snippetSupport: true } },
        },
      },
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'folder' }],
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return server;
  }

  /** Opens a text as the file of that path in the folder, and resolves to its URI. */
  async open(path: string, text: string): Promise<string> {
    const uri = pathToFileURL(join(this.#folder, path)).href;
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    return uri;
  }

  /** What the server says is wrong with an opened file. */
  diagnostics(uri: string): Promise<Diagnostic[]> {
    return this.#diagnosticsOf(uri).promise;
  }

  /** The labels that are offered at a position. */
  async complete(uri: string, position: Position): Promise<string[]> {
    const found = await this.#connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position,
    });
    return (Array.isArray(found) ? found : (found?.items ?? [])).map(({ label }) => label);
  }

  /** The text that is shown over a position. */
  async hover(uri: string, position: Position): Promise<string> {
    const found = await this.#connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
    const contents = found?.contents ?? '';
    return typeof contents === 'object' && 'value' in contents ? contents.value : String(contents);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    await this.#connection.sendRequest(ShutdownRequest.type);
    await this.#connection.sendNotification(ExitNotification.type);
    await ended;
    this.#connection.dispose();
  }

  #diagnosticsOf(uri: string): PromiseWithResolvers<Diagnostic[]> {
    const known = this.#diagnostics.get(uri) ?? Promise.withResolvers<Diagnostic[]>();
    this.#diagnostics.set(uri, known);
    return known;
  }
}
