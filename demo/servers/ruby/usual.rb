# WEBrick, stopped as its manual shows it: trap "INT" and shut down.
# Its flaws: SIGTERM is not trapped, and what is in flight is finished only because Ruby raises it as an exception in the
# main thread and WEBrick waits for its threads while that passes; readiness never fails; nothing bounds the wait; who is
# in the accept queue is reset; a payment sent twice is charged twice, and nothing of it is synced.
require "json"
require "webrick"

ledger = ENV.fetch("LEDGER", "payments.jsonl")
server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: ENV.fetch("PORT", "8080").to_i, AccessLog: [])

server.mount_proc("/") { |_, response| response.body = "hello\n" }
server.mount_proc("/readyz") { |_, response| response.body = "ready\n" }
server.mount_proc("/slow") do |request, response|
  ms = (request.query["ms"] || 1000).to_i
  sleep ms / 1000.0
  response.body = "done after #{ms} ms\n"
end
server.mount_proc("/payments") do |request, response|
  payment = JSON.parse(request.body)
  File.write(ledger, "#{payment.to_json}\n", mode: "a")
  response.status = 201
  response.body = "#{payment.to_json}\n"
end

trap("INT") { server.shutdown }
server.start
