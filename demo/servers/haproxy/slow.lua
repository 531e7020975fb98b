-- GET /slow?ms=N for HAProxy: an answer after N milliseconds.
core.register_service("slow", "http", function(applet)
    local ms = tonumber(string.match(applet.qs, "ms=(%d+)") or "1000")
    core.msleep(ms)
    local body = "done after " .. ms .. " ms\n"
    applet:set_status(200)
    applet:add_header("content-type", "text/plain")
    applet:add_header("content-length", string.len(body))
    applet:start_response()
    applet:send(body)
end)
