/// What to do in each framework, by what is to be mended.
///
/// The facts are from the programs' own sources and documentation: Go net/http server.go, Node lib/_http_server.js,
/// Fastify's server options, Python socketserver.py, http/server.py and asyncio's documentation, uvicorn server.py,
/// gunicorn arbiter.py and workers, hypercorn asyncio/run.py, aiohttp web.py, waitress task.py and server.py, puma's DSL
/// and docs/signals.md, webrick server.rb, Spring Boot's reference (Graceful Shutdown), Tomcat's StandardService, Jetty's
/// GracefulHandler, nginx and Apache on stopping, HAProxy management.txt, php-fpm's configuration, axum::serve, and
/// ServiceLifecycle's ServiceGroupConfiguration.
extension Framework {
    /// What there is to mend.
    enum Topic: Hashable {
        case readiness, handler, drain, queue, order, webSockets, deadline, idle, exit
    }

    /// One or two sentences; nil where the general rule says all there is to say.
    func advice(on topic: Topic) -> String? { Self.table[self]?[topic] }

    private static let table: [Framework: [Topic: String]] = [
        .go: [
            .handler: "signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM), and srv.Shutdown when it is done.",
            .drain: "wait in main until srv.Shutdown(ctx) has returned: ListenAndServe returns at once.",
            .order: "close the database after srv.Shutdown has returned; defer in the order of opening.",
            .webSockets: "srv.RegisterOnShutdown, and wait for it yourself: Shutdown does not.",
            .deadline: "context.WithTimeout for srv.Shutdown, below the grace period, and srv.Close() after it.",
            .idle: "srv.Shutdown closes idle connections; one on which nothing came is waited for 5 s.",
            .exit: "log.Fatal exits with 1, also for http.ErrServerClosed: ask errors.Is first.",
        ],
        .node: [
            .handler: "process.on('SIGTERM', () => server.close(…)).",
            .drain: "leave in the callback of server.close(), and clear each timer that leaves before.",
            .order: "close the database in the callback of server.close().",
            .webSockets: "keep a set of the sockets and close each: server.close() does not know them.",
            .deadline: "a timer with server.closeAllConnections(), below the grace period and unref'ed.",
            .idle: """
            server.closeIdleConnections() again and again until the callback of server.close(), as close() itself ends \
            only those that are idle at that moment.
            """,
            .exit: "a timer that calls process.exit(1) decides the status: clear it in the callback of server.close().",
        ],
        .fastify: [
            .handler: "process.on('SIGTERM', () => fastify.close()).",
            .drain: "await fastify.close(), and leave after it: it waits for the requests in flight.",
            .order: "close the database in an onClose hook.",
            .deadline: "a timer with fastify.server.closeAllConnections(), below the grace period.",
            .idle: "forceCloseConnections: 'idle' closes those that owe nothing, true closes all.",
            .exit: "clear a timer that calls process.exit(1) once fastify.close() is done.",
        ],
        .python: [
            .handler: """
            signal.signal(signal.SIGTERM, …) in the main thread; under asyncio \
            loop.add_signal_handler(signal.SIGTERM, stop.set).
            """,
            .drain: """
            under asyncio keep the handlers' tasks in a set and asyncio.wait(tasks, timeout=…) before main returns: \
            asyncio.run cancels what is left. Threads: join them.
            """,
            .deadline: "asyncio.wait(…, timeout=…) or thread.join(timeout), below the grace period.",
            .idle:
                "since Python 3.12 Server.wait_closed() waits for every connection; Server.close_clients() (3.13) ends them.",
            .exit: "sys.exit(0) at the end of the drain; os._exit skips every clean-up.",
        ],
        .pythonHTTPServer: [
            .handler: """
            signal.signal(signal.SIGTERM, …), and in it a thread that calls server.shutdown(), which waits for \
            serve_forever() to return.
            """,
            .drain: """
            ThreadingHTTPServer has daemon threads, which end with the process: set daemon_threads = False, and \
            server_close() joins them.
            """,
            .idle:
                "server_close() of ThreadingMixIn joins the thread of each connection: give the handler class a timeout.",
        ],
        .uvicorn: [
            .handler: "it catches TERM and INT itself, in the process that runs it: start it with exec.",
            .drain: "--timeout-graceful-shutdown above the longest request.",
            .order: "close the database after the yield of the lifespan.",
            .webSockets: "it sends 1012 by itself, where nothing ends the process before.",
            .deadline: "--timeout-graceful-shutdown below the grace period: without it it waits for ever.",
            .exit:
                "it raises the signal again after its drain: take death by it for success (systemd: SuccessExitStatus=143).",
        ],
        .gunicorn: [
            .handler: "it catches TERM itself: start it with exec, and send TERM to its master.",
            .drain: "send TERM, not INT or QUIT, and raise --graceful-timeout above the longest request.",
            .queue: """
            its sync and gthread workers stop taking connections at the signal and reset whoever waits at the end: more \
            --workers, or --worker-class gthread --threads, and fail readiness, or a preStop sleep, before the signal.
            """,
            .deadline: "--graceful-timeout below the grace period.",
            .idle: "gthread waits for keep-alive connections: --keep-alive below the grace period.",
        ],
        .hypercorn: [
            .drain: "--graceful-timeout above the longest request.",
            .queue:
                "it stops taking connections at the signal, with any option: fail readiness, or a preStop sleep, before it.",
            .deadline: "--graceful-timeout below the grace period.",
        ],
        .aiohttp: [
            .handler: "web.run_app catches TERM and INT itself: start it with exec.",
            .drain: "web.run_app(app, shutdown_timeout=…) above the longest request.",
            .order: "close the database in app.on_cleanup.",
            .webSockets: "close each in app.on_shutdown, with WSCloseCode.GOING_AWAY.",
            .deadline: "web.run_app(app, shutdown_timeout=…) below the grace period; it is 60 s by itself.",
        ],
        .waitress: [
            .handler: """
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)) in the main thread, which it takes for a wish to \
            finish.
            """,
            .drain: """
            it waits 5 s for the tasks that were begun and drops those that wait: keep requests shorter, or put gunicorn \
            in its place.
            """,
            .queue: "more --threads, so that no task waits when the signal comes.",
        ],
        .flask: [
            .handler: "it does not drain: put waitress, gunicorn or uvicorn in its place.",
            .drain: "it does not drain: put waitress, gunicorn or uvicorn in its place.",
        ],
        .puma: [
            .drain: """
            it waits for the requests that its threads have; more come than it has threads (threads and workers in \
            puma.rb), and force_shutdown_after must not be shorter than they take.
            """,
            .queue: "drain_on_shutdown in puma.rb takes and answers what waits in the accept queue.",
            .deadline: "force_shutdown_after in puma.rb, below the grace period: by itself it waits for ever.",
            .exit: """
            raise_exception_on_sigterm false in puma.rb, or take death by TERM for success (systemd: \
            SuccessExitStatus=143).
            """,
        ],
        .webrick: [
            .handler: "trap('TERM') { server.shutdown }; start returns when its threads have ended.",
            .idle: "HTTPServer's RequestTimeout below the grace period.",
        ],
        .java: [
            .handler: "Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(seconds))).",
            .drain: """
            HttpServer.stop(seconds) waits for its exchanges for at most so long: call it in a shutdown hook, with more \
            than the longest request.
            """,
            .deadline: "HttpServer.stop(seconds) with less than the grace period, and awaitTermination with a limit.",
            .exit: "the JVM leaves with 143 after TERM and its hooks: systemd SuccessExitStatus=143.",
        ],
        .spring: [
            .readiness: "management.endpoint.health.probes.enabled=true: readiness falls by itself.",
            .drain: """
            server.shutdown=graceful (by itself since 3.4), and spring.lifecycle.timeout-per-shutdown-phase above the \
            longest request.
            """,
            .order: "close the database in a later phase: SmartLifecycle.getPhase().",
            .deadline: "spring.lifecycle.timeout-per-shutdown-phase below the grace period; it is 30 s by itself.",
            .exit: "the JVM leaves with 143 after TERM and its hooks: systemd SuccessExitStatus=143.",
        ],
        .tomcat: [
            .drain:
                "gracefulStopAwaitMillis of the Service in server.xml above the longest request: it is 0 by itself.",
            .exit: "the JVM leaves with 143 after TERM and its hooks: systemd SuccessExitStatus=143.",
        ],
        .jetty: [
            .handler: "server.setStopAtShutdown(true).",
            .drain: """
            a GracefulHandler (before Jetty 12 a StatisticsHandler) around the others, and server.setStopTimeout above \
            the longest request.
            """,
            .deadline: "server.setStopTimeout below the grace period.",
            .idle: "the idle time-out of the connector below the grace period.",
        ],
        .nginx: [
            .handler: "send QUIT: systemd KillSignal=SIGQUIT, STOPSIGNAL SIGQUIT.",
            .drain: "send QUIT, not TERM: systemd KillSignal=SIGQUIT, STOPSIGNAL SIGQUIT.",
            .deadline: "worker_shutdown_timeout below the grace period.",
        ],
        .apache: [
            .drain: "send WINCH (apachectl graceful-stop), not TERM: STOPSIGNAL SIGWINCH.",
            .deadline: "GracefulShutdownTimeout below the grace period: by itself it waits for ever.",
        ],
        .haproxy: [
            .readiness: "http-check on the readiness URL.",
            .drain: "send USR1, not TERM: systemd KillSignal=SIGUSR1.",
            .deadline: "hard-stop-after below the grace period.",
        ],
        .phpFPM: [
            .drain: "send QUIT, not TERM, and process_control_timeout above the longest request: it is 0 by itself.",
            .deadline: "process_control_timeout below the grace period.",
        ],
        .phpBuiltIn: [
            .handler: "it is made for development and does not drain: php-fpm behind nginx does.",
            .drain: "it is made for development and does not drain: php-fpm behind nginx does.",
        ],
        .rust: [
            .handler:
                "tokio::signal::unix::signal(SignalKind::terminate()), given to axum::serve(…).with_graceful_shutdown(…).",
            .drain:
                "axum::serve(…).with_graceful_shutdown(…), awaited in main; spawned tasks are dropped when main returns.",
            .deadline: "tokio::time::timeout around the drain, below the grace period.",
        ],
        .swift: [
            .handler: "ServiceGroup with gracefulShutdownSignals: [.sigterm].",
            .drain: "NIO's ServerQuiescingHelper in the bootstrap, and wait for its promise.",
            .order: "the order of the services in the ServiceGroup: the last is shut down first.",
            .deadline: "maximumGracefulShutdownDuration of ServiceGroupConfiguration, below the grace period.",
            .exit: "an error that leaves main ends with a trap: catch it.",
        ],
        .hummingbird: [
            .handler: "app.runService() catches TERM and INT; app.run() does not.",
            .order: "app.addServices(database) first: the last service is shut down first.",
            .deadline: "maximumGracefulShutdownDuration of ServiceGroupConfiguration, below the grace period.",
        ],
    ]
}
