/// The rules that Drainboard knows by itself, and those of servers that say when they stop.
extension RuleBook {
    /// The programs that are known without a rules file.
    ///
    /// A test holds that every rule can be read and names the file that its wording is from.
    package static let builtIn: RuleBook = {
        let text =
            [goServer, swiftLifecycle, springBoot, uvicorn, gunicorn, puma, nginx, haproxy, postgresql]
            + [kubeAPIServer, systemd, docker, plainWords]
        return (try? RuleBook(text.joined(separator: "\n"))) ?? RuleBook()
    }()

    private init() { programs = [] }

    static let goServer = #"""
        {"program":"Go server","version":"Go 1.19"}
        {"when":"Shutdown signal received...","events":"signal.received shutdown.began drain.began","cause":"a signal","source":"main.go of \"Graceful Shutdown in Backend Systems\""}
        {"when":"Server Shutdown Failed:context deadline exceeded","events":"drain.deadlinePassed","left":1,"source":"main.go; net/http/server.go, Server.Shutdown returns the context's error"}
        {"when":"Server Shutdown Failed:{cause}","events":"shutdown.forced","source":"main.go"}
        {"when":"Closing DB connections...","events":"resource.releasing","name":"DB connections","source":"main.go, cleanup"}
        {"when":"Stopping background workers...","events":"resource.releasing","name":"background workers","source":"main.go, cleanup"}
        {"when":"Flushing logs...","events":"resource.releasing","name":"logs","source":"main.go, cleanup"}
        {"when":"Server exited gracefully","events":"drain.ended? shutdown.ended","outcome":"clean","source":"main.go"}
        {"when":"Server exited properly","events":"drain.ended? shutdown.ended","outcome":"clean","source":"main.go"}
        """#

    static let swiftLifecycle = #"""
        {"program":"swift-service-lifecycle","version":"2.13.0"}
        {"when":"sl-services=*Starting service lifecycle","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-service={name} *Starting service","events":"resource.acquired","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-service={name} *Starting added service","events":"resource.acquired","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-signal={signal} *Signal caught. Shutting down the group.","events":"signal.received shutdown.began","cause":"a signal","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-signal={signal} *Signal caught. Cancelling the group.","events":"signal.received shutdown.forced","cause":"a signal that cancels","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Graceful shutdown caught. Cascading shutdown to services","events":"shutdown.began","cause":"the group above","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Service finished. Gracefully shutting down group.","events":"shutdown.began","cause":"a service finished","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Service threw error. Shutting down group.","events":"shutdown.began","cause":"a service failed","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-service={name} *Triggering graceful shutdown for service","events":"resource.releasing","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Service finished unexpectedly","events":"shutdown.forced","cause":"a service finished unexpectedly","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-service={name} *Service finished","after":true,"events":"resource.released","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"sl-service={name} *Service threw error during graceful shutdown","events":"resource.failed","cause":"it threw an error","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Graceful shutdown took longer than allowed by the configuration. Cancelling the group now.","events":"drain.deadlinePassed shutdown.forced","cause":"the group's limit passed","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Cancellation took longer than allowed by the configuration.","events":"shutdown.forced","cause":"the cancellation's limit passed","source":"ServiceLifecycle/ServiceGroup.swift"}
        {"when":"Service lifecycle ended","events":"shutdown.ended","source":"ServiceLifecycle/ServiceGroup.swift"}
        """#

    static let springBoot = #"""
        {"program":"Spring Boot","version":"2.3 to 4.0; read at commit 07031b0"}
        {"when":":: Spring Boot ::","source":"SpringBootBanner.java"}
        {"when":"Tomcat started on port {port} (","events":"listener.opened","source":"web/embedded/tomcat/TomcatWebServer.java, getStartedLogMessage"}
        {"when":"Tomcat started on port(s): {port}","events":"listener.opened","source":"TomcatWebServer.java, 2.x"}
        {"when":"Netty started on port {port}","events":"listener.opened","source":"web/embedded/netty/NettyWebServer.java"}
        {"when":"Undertow started on port {port} (","events":"listener.opened","source":"web/embedded/undertow/UndertowWebServer.java, getStartedLogMessage"}
        {"when":"Started * in * seconds (process running for","events":"process.serving","source":"StartupInfoLogger.java, getStartedMessage"}
        {"when":"Started * in * seconds (JVM running for","events":"process.serving","source":"StartupInfoLogger.java, 2.x"}
        {"when":"Commencing graceful shutdown. Waiting for active requests to complete","events":"shutdown.began drain.began","cause":"the context closes","source":"web/embedded/tomcat/GracefulShutdown.java, shutDownGracefully; jetty, netty and undertow alike"}
        {"when":"Graceful shutdown complete","events":"drain.ended","source":"web/embedded/tomcat/GracefulShutdown.java, doShutdown; jetty, netty and undertow alike"}
        {"when":"Graceful shutdown aborted with one or more requests still active","events":"drain.deadlinePassed","left":1,"source":"web/embedded/tomcat/GracefulShutdown.java, doShutdown; netty and undertow alike"}
        {"when":"Graceful shutdown aborted with {left} request(s) still active","events":"drain.deadlinePassed","source":"web/embedded/jetty/GracefulShutdown.java, awaitShutdown"}
        {"when":"Failed to shut down * bean* with phase value * within timeout of *webServerGracefulShutdown","events":"drain.deadlinePassed","source":"spring-context, DefaultLifecycleProcessor.java, to 6.1"}
        {"when":"Shutdown phase * ends with * bean* still running after timeout of *webServerGracefulShutdown","events":"drain.deadlinePassed","source":"spring-context, DefaultLifecycleProcessor.java, from 6.2"}
        {"when":"Failed to shut down * bean* with phase value * within timeout of","events":"shutdown.forced","cause":"a bean did not stop within its phase","source":"spring-context, DefaultLifecycleProcessor.java, to 6.1"}
        {"when":"Shutdown phase * ends with * bean* still running after timeout of","events":"shutdown.forced","cause":"a bean did not stop within its phase","source":"spring-context, DefaultLifecycleProcessor.java, from 6.2"}
        {"when":"Closing JPA EntityManagerFactory for persistence unit","events":"resource.releasing","name":"JPA","source":"spring-orm, AbstractEntityManagerFactoryBean.java, destroy"}
        {"when":"Shutting down ExecutorService","after":true,"events":"resource.releasing","name":"ExecutorService","source":"spring-context, ExecutorConfigurationSupport.java, at level debug since 5.1"}
        {"when":"HikariPool-{id} - Shutdown initiated...","events":"resource.releasing","name":"HikariPool","source":"HikariCP, HikariDataSource.java, close"}
        {"when":"HikariPool-{id} - Shutdown completed.","events":"resource.released","name":"HikariPool","source":"HikariCP, HikariDataSource.java, close"}
        """#

    static let uvicorn = #"""
        {"program":"uvicorn","version":"0.54.0"}
        {"when":"Started server process [{pid}]","source":"uvicorn/server.py"}
        {"when":"Application startup complete.","events":"process.serving","source":"uvicorn/lifespan/on.py"}
        {"when":"Uvicorn running on *:{port} (Press CTRL+C to quit)","events":"listener.opened","source":"uvicorn/server.py"}
        {"when":"INFO:     Shutting down","events":"shutdown.began listener.closed drain.began","cause":"not told","source":"uvicorn/server.py, shutdown"}
        {"when":"Waiting for connections to close. (CTRL+C to force quit)","events":"drain.began","source":"uvicorn/server.py"}
        {"when":"Waiting for background tasks to complete. (CTRL+C to force quit)","events":"drain.began","source":"uvicorn/server.py"}
        {"when":"Cancel {left} running task(s), timeout graceful shutdown exceeded","events":"drain.deadlinePassed","source":"uvicorn/server.py"}
        {"when":"Waiting for application shutdown.","after":true,"events":"resource.releasing","name":"application","source":"uvicorn/lifespan/on.py"}
        {"when":"Application shutdown complete.","after":true,"events":"resource.released","name":"application","source":"uvicorn/lifespan/on.py"}
        {"when":"Application shutdown failed. Exiting.","after":true,"events":"resource.failed","name":"application","cause":"its shutdown raised","source":"uvicorn/lifespan/on.py"}
        {"when":"Finished server process [{pid}]","after":true,"events":"drain.ended? shutdown.ended","source":"uvicorn/server.py"}
        """#

    static let gunicorn = #"""
        {"program":"gunicorn","version":"27.0.1"}
        {"when":"Starting gunicorn ","source":"gunicorn/arbiter.py"}
        {"when":"Listening at: *:{port} (","events":"listener.opened process.serving","source":"gunicorn/arbiter.py"}
        {"when":"Booting worker with pid: {pid}","source":"gunicorn/arbiter.py"}
        {"when":"Handling signal: term","events":"signal.received shutdown.began listener.closed? drain.began?","signal":15,"cause":"SIGTERM","source":"gunicorn/arbiter.py, handle_term: graceful"}
        {"when":"Handling signal: int","events":"signal.received shutdown.began listener.closed?","signal":2,"cause":"SIGINT: quick, requests are not waited for","source":"gunicorn/arbiter.py, handle_int: stop(False)"}
        {"when":"Handling signal: quit","events":"signal.received shutdown.began listener.closed?","signal":3,"cause":"SIGQUIT: quick, requests are not waited for","source":"gunicorn/arbiter.py, handle_quit: stop(False)"}
        {"when":"WORKER TIMEOUT (pid:{pid})","after":true,"events":"shutdown.forced","cause":"a worker did not answer in time","source":"gunicorn/arbiter.py"}
        {"when":"Error handling request ","after":true,"events":"drain.deadlinePassed","left":1,"cause":"a request in progress was cut","source":"gunicorn/workers/base.py, handle_error"}
        {"when":"Shutting down: Master","events":"drain.ended? shutdown.ended","source":"gunicorn/arbiter.py, halt"}
        """#

    static let puma = #"""
        {"program":"puma","version":"5.6.5"}
        {"when":"Puma starting in *mode...","source":"lib/puma/runner.rb"}
        {"when":"* Listening on *:{port}","events":"listener.opened","source":"lib/puma/binder.rb"}
        {"when":"Use Ctrl-C to stop","events":"process.serving","source":"lib/puma/single.rb"}
        {"when":"=== puma shutdown: ","events":"shutdown.began","cause":"not told","source":"lib/puma/launcher.rb, graceful_stop: written before the wait"}
        {"when":"- Gracefully stopping, waiting for requests to finish","events":"shutdown.began drain.began","cause":"not told","source":"lib/puma/single.rb, stop"}
        {"when":"- Gracefully shutting down workers...","events":"shutdown.began drain.began","cause":"not told","source":"lib/puma/cluster.rb, stop_workers"}
        {"when":"- Goodbye!","source":"lib/puma/launcher.rb, graceful_stop: written before the wait, so it ends nothing"}
        """#
}
