# A Rack application for puma: fast, slow and ready. The server owns the shutdown; it ends by raising SIGTERM again.
run lambda { |env|
  path = env["PATH_INFO"]
  ms = env["QUERY_STRING"][/ms=(\d+)/, 1].to_i
  sleep ms / 1000.0 if path == "/slow"
  text = { "/slow" => "done after #{ms} ms\n", "/readyz" => "ready\n" }.fetch(path, "hello\n")
  [200, { "content-type" => "text/plain" }, [text]]
}
