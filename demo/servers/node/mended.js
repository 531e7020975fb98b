// Node's http server, mended: SIGTERM and SIGINT alike; readiness fails first, after the lead the listener is closed,
// connections without a request are ended (close() alone leaves the silent ones open for ever and those that were just
// answered for six seconds), the rest is finished under a deadline; a second signal forces. A payment is on the disk
// before it is answered, and charged once for each key.
const fs = require('fs');
const http = require('http');

const [lead, drain] = [['LEAD', 1], ['DRAIN', 30]].map(([name, otherwise]) => 1000 * Number(process.env[name] || otherwise));

class Ledger {
  constructor(path) {
    this.paid = new Map();
    this.file = fs.openSync(path, 'a+');
    for (const line of fs.readFileSync(path, 'utf8').split('\n')) {
      try { const payment = JSON.parse(line); this.paid.set(payment.key, payment); } catch { /* torn: never answered */ }
    }
    fs.writeSync(this.file, '\n'); // ends a torn line
  }

  pay(key, { order, amount }) {
    const earlier = this.paid.get(key);
    if (earlier) return [200, earlier];
    const payment = { key, order, amount };
    fs.writeSync(this.file, JSON.stringify(payment) + '\n');
    fs.fsyncSync(this.file);
    this.paid.set(key, payment);
    return [201, payment];
  }

  close() { fs.closeSync(this.file); }
}

const ledger = new Ledger(process.env.LEDGER || 'payments.jsonl');
const connections = new Map(); // socket: the requests in flight on it
let draining = false;

function charge(request, response) {
  let body = '';
  request.on('data', (chunk) => { if (body.length < 4096) body += chunk; });
  request.on('end', () => {
    try {
      const key = request.headers['idempotency-key'];
      const { order, amount } = JSON.parse(body);
      if (!key || !Number.isInteger(order) || !Number.isInteger(amount)) throw new SyntaxError();
      const [status, payment] = ledger.pay(key, { order, amount });
      response.writeHead(status).end(JSON.stringify(payment) + '\n');
    } catch (error) {
      const why = error instanceof SyntaxError ? [400, 'a payment needs a JSON body and an Idempotency-Key'] : [500, error.message];
      response.writeHead(why[0]).end(why[1] + '\n');
    }
  });
}

const server = http.createServer((request, response) => {
  const socket = request.socket;
  connections.set(socket, connections.get(socket) + 1);
  response.on('close', () => {
    if (connections.has(socket)) connections.set(socket, connections.get(socket) - 1);
    if (!server.listening) endIdle();
  });
  if (draining) response.setHeader('Connection', 'close');
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/slow') {
    const ms = Number(url.searchParams.get('ms') || 1000);
    setTimeout(() => response.end(`done after ${ms} ms\n`), ms);
  } else if (url.pathname === '/payments' && request.method === 'POST') {
    charge(request, response);
  } else if (url.pathname === '/readyz') {
    response.writeHead(draining ? 503 : 200).end(draining ? 'draining\n' : 'ready\n');
  } else {
    response.end('hello\n');
  }
});

server.on('connection', (socket) => {
  connections.set(socket, 0);
  socket.on('close', () => connections.delete(socket));
});

function endIdle() {
  for (const [socket, inFlight] of connections) if (inFlight === 0) socket.destroySoon();
}

function leave(status) {
  ledger.close();
  console.log('ledger closed;', status === 0 ? 'nothing was cut' : 'cut what was still in flight');
  process.exit(status);
}

function stop(signal) {
  if (draining) return leave(1); // the second signal
  draining = true;
  console.log(`${signal}: not ready; the listener stays open for ${lead / 1000} s`);
  // setImmediate comes right after the loop has accepted whoever was waiting; close() resets who is in the accept queue.
  setTimeout(() => setImmediate(() => {
    server.close(() => leave(0));
    console.log('listener closed');
    setTimeout(endIdle, 100); // who was accepted last may have the request still on the way
    setTimeout(() => leave(1), drain);
  }), lead);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
server.listen(Number(process.env.PORT || 8080), '127.0.0.1');
