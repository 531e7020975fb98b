// Node without any signal code: the default action kills it at once.
require('http').createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const ms = url.pathname === '/slow' ? Number(url.searchParams.get('ms') || 1000) : 0;
  setTimeout(() => response.end(`done after ${ms} ms\n`), ms);
}).listen(Number(process.env.PORT || 8080), '127.0.0.1');
