// Node with server.close() and nothing else: what is in flight is finished, and then the connections that were just
// answered hold it for six seconds more; a silent connection holds it for ever.
const server = require('http').createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const ms = url.pathname === '/slow' ? Number(url.searchParams.get('ms') || 1000) : 0;
  setTimeout(() => response.end(`done after ${ms} ms\n`), ms);
}).listen(Number(process.env.PORT || 8080), '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close());
