# WEBrick, mended: SIGTERM and SIGINT alike; readiness fails first and answers say Connection: close; after the lead
# the listener is closed and what is in flight is finished under a deadline; a second signal forces.
# A payment is on the disk before it is answered, and charged once for each key.
require "json"
require "webrick"

LEAD = ENV.fetch("LEAD", "1").to_f
DRAIN = ENV.fetch("DRAIN", "30").to_f

# One line of JSON for each payment. A torn last line was never answered and counts for nothing.
class Ledger
  def initialize(path)
    @lock = Mutex.new
    @file = File.open(path, "a+")
    @paid = {}
    @file.each_line do |line|
      payment = JSON.parse(line, symbolize_names: true)
      @paid[payment[:key]] = payment if payment.is_a?(Hash) && payment[:key]
    rescue JSON::ParserError
      next
    end
    @file.write("\n") # ends a torn line
  end

  # The payment as it was first charged for this key, and whether that was now.
  def pay(key, order, amount)
    @lock.synchronize do
      return @paid[key], false if @paid[key]

      payment = { key: key, order: order, amount: amount }
      @file.write("#{payment.to_json}\n")
      @file.fsync
      @paid[key] = payment
      [payment, true]
    end
  end

  def close = @lock.synchronize { @file.close }
end

# WEBrick drops who is still in its accept queue, and whoever's request it has not begun to read. This one does not.
class Server < WEBrick::HTTPServer
  def start
    @late = []
    super
    @late.each(&:join)
  end

  def stop = alarm_shutdown_pipe { |pipe| pipe.write_nonblock("\0") } # the status changes after the next method

  def cleanup_listener
    @listeners.each do |listener|
      while (socket = accept_client(listener))
        @tokens.pop # each thread gives one back
        @late << start_thread(socket)
      end
      listener.close
    end
    @listeners.clear
    sleep 0.1 # for requests on their way; from then on idle connections end
  end
end

stops = Queue.new
%w[TERM INT].each { |name| trap(name) { stops << name } } # before anything that takes time
# Ruby makes an exception of any other signal and unwinds every thread: WEBrick would then answer what is in flight with
# 200 and an empty body. To die of it is more honest.
%w[QUIT HUP].each { |name| trap(name, "SYSTEM_DEFAULT") }

ledger = Ledger.new(ENV.fetch("LEDGER", "payments.jsonl"))
draining = false
server = Server.new(
  BindAddress: "127.0.0.1", Port: ENV.fetch("PORT", "8080").to_i, AccessLog: [],
  Logger: WEBrick::Log.new($stderr, WEBrick::Log::WARN), RequestTimeout: 10,
  RequestCallback: ->(_, response) { response.keep_alive = false if draining }
)
server.listeners.each { |listener| listener.listen(128) }

server.mount_proc("/") { |_, response| response.body = "hello\n" }
server.mount_proc("/readyz") do |_, response|
  response.status = draining ? 503 : 200
  response.body = draining ? "draining\n" : "ready\n"
end
server.mount_proc("/slow") do |request, response|
  ms = (request.query["ms"] || 1000).to_i
  sleep ms / 1000.0
  response.body = "done after #{ms} ms\n"
end
server.mount_proc("/payments") do |request, response|
  key = request["Idempotency-Key"]
  body = JSON.parse(request.body.to_s)
  raise TypeError unless key && body.is_a?(Hash)

  payment, new = ledger.pay(key, Integer(body["order"]), Integer(body["amount"]))
  response.status = new ? 201 : 200
  response.body = "#{payment.to_json}\n"
rescue JSON::ParserError, TypeError, ArgumentError
  response.status = 400
  response.body = "a payment needs a JSON body and an Idempotency-Key\n"
end

serving = Thread.new { server.start } # ends when the listener is closed and every connection's thread is done

# Waits so many seconds, or until a signal comes: then true.
signalled = lambda do |seconds|
  deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
  sleep 0.01 while stops.empty? && serving.alive? && Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline
  !stops.empty?
end

$stdout.sync = true
stops.pop
draining = true
puts "not ready; the listener stays open for #{LEAD} s"
forced = signalled.call(LEAD)
server.shutdown # closes the listener; idle connections end within half a second
puts "listener closed"
signalled.call(DRAIN) unless forced
clean = !serving.alive?
ledger.close # last, as it was opened first
puts "ledger closed; #{clean ? 'nothing was cut' : 'cut what was still in flight'}"
exit!(clean ? 0 : 1) # threads that are still in a handler would otherwise go on
