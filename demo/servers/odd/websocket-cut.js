// Finishes its requests and exits 0; nobody thinks of the WebSockets (/ws), which are cut without a word.
const { createHash } = require('crypto');
let busy = 0;
let stopping = false;

const server = require('http').createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const ms = url.pathname === '/slow' ? Number(url.searchParams.get('ms') || 1000) : 0;
  busy += 1;
  setTimeout(() => response.end(`done after ${ms} ms\n`), ms);
  response.on('close', () => { busy -= 1; leave(); });
}).listen(Number(process.env.PORT || 8080), '127.0.0.1');

server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455, section 1.3
  socket.on('error', () => {});
  socket.on('data', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`);
});

function leave() {
  if (stopping && busy === 0) process.exit(0);
}

process.on('SIGTERM', () => {
  stopping = true;
  server.close();
  leave();
});
