// Debian's Chromium, driven by playwright-core, and a server for one page; all gone when it is disposed of.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { temporaryFolder } from './git-repository.ts';

const CHROMIUM = process.env.HALYARD_CHROMIUM ?? '/usr/bin/chromium';

/** Says so in one line where there is none: whoever calls it then skips. */
export function hasBrowser(): boolean {
  const isThere = existsSync(CHROMIUM);
  if (!isThere)
    process.stderr.write(`no browser at ${CHROMIUM}: pages are not looked at (HALYARD_CHROMIUM names one)\n`);
  return isThere;
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Look {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  media?: 'screen' | 'print';
}

/** A page as it was opened, with all that it said and asked for. */
export interface Seen {
  page: Page;
  /** Messages on its console, errors, dialogs. */
  said: string[];
  /** URLs that were asked for beside the page itself, but `data:`. */
  requests: string[];
}

export class Browser implements AsyncDisposable {
  readonly #context: BrowserContext;
  readonly #folder: string;
  readonly #server: Server;
  #html = '';

  private constructor(context: BrowserContext, folder: string, server: Server) {
    this.#context = context;
    this.#folder = folder;
    this.#server = server;
    server.on('request', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(this.#html);
    });
  }

  static async start(): Promise<Browser> {
    const folder = await temporaryFolder('halyard-browser-');
    const options = { executablePath: CHROMIUM, headless: true, args: ARGUMENTS, timeout: 60_000 };
    const context = await chromium.launchPersistentContext(folder, options);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Browser(context, folder, server);
  }

  /** Opens the text as a page. */
  async open(
    html: string,
    { width = 1_100, height = 800, colorScheme = 'light', media = 'screen' }: Look = {},
  ): Promise<Seen> {
    this.#html = html;
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    const page = await this.#context.newPage();
    const seen: Seen = { page, said: [], requests: [] };
    page.on('console', (message) => seen.said.push(message.text()));
    page.on('pageerror', (error) => seen.said.push(String(error)));
    page.on('dialog', (dialog) => {
      seen.said.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) seen.requests.push(request.url());
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, media });
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
