import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { controllers } from './controllers.ts';
import { openApi } from './openapi.ts';
import { Operation } from './operation.ts';
import { refuse } from './problem.ts';

const Asset = z.object({ file: z.string().max(60) });

/** The API explains itself, also where there is no internet: the page's parts come from this machine. */
@Controller()
export class DocsController {
  #document: object | undefined;

  @Operation({ method: 'GET', path: '', id: 'getRoot', summary: 'To the page that describes this API', scope: null, status: 302, mediaType: 'text/html' })
  root(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('location', '/docs').header('content-type', 'text/html; charset=utf-8');
    return '<a href="/docs">The API</a>';
  }

  @Operation({ method: 'GET', path: 'openapi.json', id: 'getOpenApi', summary: 'This API as OpenAPI 3.1', scope: null, status: 200, response: z.looseObject({ openapi: z.literal('3.1.0') }) })
  openapi(): object {
    // Made when it is first asked for, so that it costs nothing at start.
    this.#document ??= openApi([...controllers, DocsController], '0.1.0');
    return this.#document;
  }

  @Operation({ method: 'GET', path: 'docs', id: 'getDocs', summary: 'This API as a page', scope: null, status: 200, mediaType: 'text/html' })
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
    return html;
  }

  @Operation({ method: 'GET', path: 'docs/:file', id: 'getDocsPart', summary: 'A part of that page', scope: null, status: 200, mediaType: 'text/plain', problems: ['notFound'] })
  async part(@Param({ schema: Asset }) { file }: z.infer<typeof Asset>, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer | string> {
    const type = parts[file] ?? refuse('notFound', 'The page has no such part.');
    void reply.header('content-type', type).header('cache-control', 'max-age=3600');
    if (file === 'start.js') return start;
    return readFile(join(dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')), file));
  }
}

const parts: Readonly<Record<string, string>> = {
  'start.js': 'text/javascript; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: false, tryItOutEnabled: true, showExtensions: true, validatorUrl: null });`;

const html = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Tipring API</title>
  <link rel="icon" href="/docs/favicon-32x32.png">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="api"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`;
