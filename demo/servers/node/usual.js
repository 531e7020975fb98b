// Node's http server with the handler that most tutorials show: on SIGTERM, say goodbye and process.exit(0).
// Its flaws: every answer in flight is cut although the exit status is 0; SIGINT has no handler; a payment sent twice is
// charged twice, and it is answered before it is on the disk.
const fs = require('fs');
const http = require('http');

const ledger = process.env.LEDGER || 'payments.jsonl';

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/slow') {
    const ms = Number(url.searchParams.get('ms') || 1000);
    setTimeout(() => response.end(`done after ${ms} ms\n`), ms);
  } else if (url.pathname === '/payments' && request.method === 'POST') {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      fs.appendFile(ledger, JSON.stringify(JSON.parse(body)) + '\n', () => {});
      response.writeHead(201).end(body);
    });
  } else if (url.pathname === '/readyz') {
    response.end('ready\n');
  } else {
    response.end('hello\n');
  }
});

process.on('SIGTERM', () => {
  console.log('SIGTERM received, shutting down gracefully');
  process.exit(0);
});

server.listen(Number(process.env.PORT || 8080), '127.0.0.1');
