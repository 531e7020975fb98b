/// The rules of proxies, databases and supervisors, and the plain words that any program may use.
extension RuleBook {
    static let nginx = #"""
        {"program":"nginx","version":"1.22.1"}
        {"when":"[notice] * nginx/","source":"src/core/nginx.c"}
        {"when":"start worker processes","events":"process.serving","source":"src/os/unix/ngx_process_cycle.c"}
        {"when":"signal {signal} (SIG*) received from {sender}, exiting","events":"signal.received shutdown.began","cause":"quick: requests in flight are cut","source":"src/os/unix/ngx_process.c, ngx_signal_handler"}
        {"when":"signal {signal} (SIG*) received, exiting","events":"signal.received shutdown.began","cause":"quick: requests in flight are cut","source":"src/os/unix/ngx_process.c, ngx_signal_handler"}
        {"when":"signal 3 (SIGQUIT) received from {sender}, shutting down","events":"signal.received shutdown.began","signal":3,"cause":"graceful","source":"src/os/unix/ngx_process.c, ngx_signal_handler"}
        {"when":"gracefully shutting down","events":"drain.began","source":"src/os/unix/ngx_process_cycle.c, ngx_worker_process_cycle"}
        {"when":"open socket #{id} left in connection","after":true,"events":"drain.deadlinePassed","left":1,"source":"src/os/unix/ngx_process_cycle.c, ngx_worker_process_exit"}
        {"when":"worker process {pid} exited on signal {signal}","source":"src/os/unix/ngx_process.c, ngx_process_get_status"}
        {"when":"worker process {pid} exited with code","after":true,"events":"drain.ended?","source":"src/os/unix/ngx_process.c, ngx_process_get_status"}
        {"when":"[notice] *: exit$","after":"drain","events":"shutdown.ended?","source":"src/os/unix/ngx_process_cycle.c, ngx_master_process_exit"}
        """#

    static let haproxy = #"""
        {"program":"HAProxy","version":"2.6.12"}
        {"when":"haproxy version is ","source":"src/haproxy.c"}
        {"when":"New worker (","source":"src/haproxy.c"}
        {"when":"Loading success.","events":"process.serving","source":"src/mworker.c"}
        {"when":"Stopping frontend {name} in ","events":"shutdown.began","cause":"a soft stop or the end","source":"src/proxy.c, stop_proxy"}
        {"when":"Stopping backend {name} in ","events":"shutdown.began","cause":"a soft stop or the end","source":"src/proxy.c"}
        {"when":"Stopping proxy {name} in ","events":"shutdown.began","cause":"a soft stop or the end","source":"src/proxy.c"}
        {"when":"Proxy * stopped (","events":"shutdown.began? listener.closed","cause":"a soft stop","source":"src/proxy.c, proxy_stop"}
        {"when":"soft-stop running for too long, performing a hard-stop.","events":"drain.deadlinePassed shutdown.forced","left":1,"cause":"hard-stop-after","source":"src/proxy.c, hard_stop"}
        {"when":"Exiting Master process...","events":"shutdown.began drain.began?","cause":"a signal to the master","source":"src/mworker.c, mworker_catch_sigterm"}
        {"when":"exited with code 143 (Terminated)","after":true,"events":"shutdown.forced","cause":"a worker died of SIGTERM, which cuts every connection","source":"src/mworker.c, mworker_catch_sigchld"}
        {"when":"exited with code 137 (Killed)","after":true,"events":"shutdown.forced","cause":"a worker was killed","source":"src/mworker.c, mworker_catch_sigchld"}
        {"when":"All workers exited. Exiting... ({code})","events":"shutdown.ended process.exited","how":"exited","source":"src/mworker.c, mworker_catch_sigchld"}
        """#

    static let postgresql = #"""
        {"program":"PostgreSQL","version":"15.18"}
        {"when":"LOG:  starting PostgreSQL ","source":"src/backend/postmaster/postmaster.c"}
        {"when":"LOG:  listening on *, port {port}","events":"listener.opened","source":"src/backend/libpq/pqcomm.c"}
        {"when":"database system is ready to accept connections","events":"process.serving","source":"src/backend/postmaster/postmaster.c"}
        {"when":"received smart shutdown request","events":"signal.received shutdown.began drain.began?","signal":15,"cause":"smart: sessions may finish","source":"src/backend/postmaster/postmaster.c, pmdie"}
        {"when":"received fast shutdown request","events":"signal.received shutdown.began","signal":2,"cause":"fast: transactions are aborted","source":"src/backend/postmaster/postmaster.c, pmdie"}
        {"when":"received immediate shutdown request","events":"signal.received shutdown.began shutdown.forced","signal":3,"cause":"immediate: no checkpoint","source":"src/backend/postmaster/postmaster.c, pmdie"}
        {"when":"terminating connection due to administrator command","after":true,"source":"src/backend/tcop/postgres.c, ProcessInterrupts"}
        {"when":" STATEMENT:  ","after":true,"events":"drain.deadlinePassed","left":1,"cause":"a statement in progress was cut","source":"src/backend/utils/error/elog.c: the statement of the session that the line before ends"}
        {"when":"LOG:  shutting down","events":"drain.ended? resource.releasing","name":"database","source":"src/backend/access/transam/xlog.c, ShutdownXLOG"}
        {"when":"database system is shut down","events":"resource.released shutdown.ended","name":"database","source":"src/backend/postmaster/postmaster.c"}
        {"when":"abnormal database system shutdown","events":"shutdown.forced shutdown.ended","cause":"abnormal, as the log says","source":"src/backend/postmaster/postmaster.c"}
        """#

    static let kubeAPIServer = #"""
        {"program":"kube-apiserver","version":"commit 008b365"}
        {"when":"[graceful-termination] waiting for shutdown to be initiated","events":"process.serving","source":"staging/src/k8s.io/apiserver/pkg/server/genericapiserver.go, RunWithContext"}
        {"when":"[graceful-termination] shutdown event\" name=\"ShutdownInitiated\"","events":"shutdown.began readiness.lowered","cause":"stop requested","source":"genericapiserver.go, RunWithContext; the name is from lifecycle_signals.go"}
        {"when":"[graceful-termination] shutdown event\" name=\"AfterShutdownDelayDuration\"","events":"lead.ended","source":"genericapiserver.go, RunWithContext; the name is from lifecycle_signals.go"}
        {"when":"[graceful-termination] shutdown event\" name=\"NotAcceptingNewRequest\"","events":"drain.began","source":"genericapiserver.go, RunWithContext; the name is from lifecycle_signals.go"}
        {"when":"[graceful-termination] shutdown event\" name=\"InFlightRequestsDrained\"","events":"drain.ended","source":"genericapiserver.go, RunWithContext; the name is from lifecycle_signals.go"}
        {"when":"[graceful-termination] shutdown event\" name=\"HTTPServerStoppedListening\"","events":"listener.closed","source":"genericapiserver.go, RunWithContext; the name is from lifecycle_signals.go"}
        {"when":"name=ShutdownInitiated *[graceful-termination] shutdown event","events":"shutdown.began readiness.lowered","cause":"stop requested","source":"genericapiserver.go, RunWithContext, with --logging-format=json"}
        {"when":"name=AfterShutdownDelayDuration *[graceful-termination] shutdown event","events":"lead.ended","source":"genericapiserver.go, RunWithContext, with --logging-format=json"}
        {"when":"name=NotAcceptingNewRequest *[graceful-termination] shutdown event","events":"drain.began","source":"genericapiserver.go, RunWithContext, with --logging-format=json"}
        {"when":"name=InFlightRequestsDrained *[graceful-termination] shutdown event","events":"drain.ended","source":"genericapiserver.go, RunWithContext, with --logging-format=json"}
        {"when":"name=HTTPServerStoppedListening *[graceful-termination] shutdown event","events":"listener.closed","source":"genericapiserver.go, RunWithContext, with --logging-format=json"}
        {"when":"[graceful-termination] apiserver is exiting","events":"shutdown.ended","source":"genericapiserver.go, RunWithContext"}
        """#

    static let systemd = #"""
        {"program":"systemd","version":"252","around":true}
        {"when":"systemd[*]: Stopping ","events":"signal.sent? shutdown.began","signal":15,"by":"systemd","cause":"systemd stops the unit","source":"src/core/job.c, job_emit_start_message"}
        {"when":"systemd[*]: Started ","events":"process.serving","source":"src/core/job.c, job_emit_done_message"}
        {"when":"systemd[*]: *: State 'stop-sigterm' timed out. Killing.","events":"grace.expired","source":"src/core/service.c, service_dispatch_timer"}
        {"when":"systemd[*]: *: State 'final-sigterm' timed out. Killing.","events":"grace.expired","source":"src/core/service.c, service_dispatch_timer"}
        {"when":"systemd[*]: *: Killing process {pid} (*) with signal SIGKILL.","events":"signal.sent","signal":9,"by":"grace","source":"src/core/unit.c, log_kill"}
        {"when":"systemd[*]: *: Main process exited, code=exited, status={code}/","events":"process.exited","how":"exited","source":"src/core/unit.c, unit_log_process_exit"}
        {"when":"systemd[*]: *: Main process exited, code=killed, status={signal}/","events":"process.exited","how":"signaled","source":"src/core/unit.c, unit_log_process_exit"}
        {"when":"systemd[*]: *: Main process exited, code=dumped, status={signal}/","events":"process.exited","how":"signaled","core":true,"source":"src/core/unit.c, unit_log_process_exit"}
        {"when":"systemd[*]: *: A process of this unit has been killed by the OOM killer.","source":"src/core/cgroup.c, unit_check_oom"}
        {"when":"systemd[*]: *: Deactivated successfully.","after":true,"events":"shutdown.ended","source":"src/core/unit.c, unit_log_success"}
        {"when":"systemd[*]: *: Failed with result '{cause}'","source":"src/core/unit.c, unit_log_failure"}
        {"when":"systemd[*]: Stopped ","after":true,"events":"shutdown.ended","source":"src/core/job.c, job_emit_done_message"}
        """#

    static let docker = #"""
        {"program":"Docker","version":"20.10.24 and 28","around":true}
        {"when":"container start * (image=","events":"process.serving","source":"docker events, as run; daemon/start.go"}
        {"when":"container kill * (*signal={signal}","events":"signal.sent","by":"docker","source":"docker events, as run; daemon/kill.go"}
        {"when":"container oom * (","source":"daemon/monitor.go"}
        {"when":"container die * (*exitCode=137","events":"process.exited?","how":"signaled","signal":9,"source":"docker events, as run; daemon/monitor.go; 137 is 128 + 9"}
        {"when":"container die * (*exitCode={code}","events":"process.exited","how":"exited","source":"docker events, as run; daemon/monitor.go"}
        {"when":"Container * failed to exit within * of signal {signal} - using the force","events":"grace.expired","source":"daemon/stop.go, containerStop, up to 19.03"}
        {"when":"Container failed to exit within * of signal {signal} - using the force","events":"grace.expired","source":"dockerd's log, as run; daemon/stop.go, containerStop"}
        """#

    static let plainWords = #"""
        {"program":"plain words","guess":true}
        {"when":"received sig{signal}","events":"signal.received"}
        {"when":"received signal sig{signal}","events":"signal.received"}
        {"when":"got sig{signal}","events":"signal.received"}
        {"when":"caught sig{signal}","events":"signal.received"}
        {"when":"signal sig{signal}","events":"signal.received"}
        {"when":"signal: sig{signal}","events":"signal.received"}
        {"when":"signal=sig{signal}","before":true,"events":"signal.received"}
        {"when":"signal=\"sig{signal}\"","before":true,"events":"signal.received"}
        {"when":"signal=\"{signal}\"","before":true,"events":"signal.received"}
        {"when":"sig{signal} received","events":"signal.received"}
        {"when":"sig{signal} signal received","events":"signal.received"}
        {"when":"signal {signal}","events":"signal.received"}
        {"when":"signal: {signal}","events":"signal.received"}
        {"when":"signal={signal}","before":true,"events":"signal.received"}
        {"when":"signal received","events":"shutdown.began","cause":"a signal"}
        {"when":"received signal","events":"shutdown.began","cause":"a signal"}
        {"when":"received shutdown signal","events":"shutdown.began","cause":"a signal"}
        {"when":"shutdown signal received","events":"shutdown.began","cause":"a signal"}
        {"when":"all connections closed","after":true,"events":"drain.ended"}
        {"when":"no longer accepting","events":"listener.closed"}
        {"when":"stopped accepting","events":"listener.closed"}
        {"when":"shutdown complete","after":true,"events":"shutdown.ended"}
        {"when":"shutdown completed","after":true,"events":"shutdown.ended"}
        {"when":"shutdown finished","after":true,"events":"shutdown.ended"}
        {"when":"server stopped","after":true,"events":"drain.ended"}
        {"when":"server closed","after":true,"events":"drain.ended"}
        {"when":"draining","events":"drain.began"}
        {"when":"drained","after":true,"events":"drain.ended"}
        {"when":"waiting for * requests","after":true,"events":"drain.began"}
        {"when":"waiting for * connections","after":true,"events":"drain.began"}
        {"when":"shutting down","events":"shutdown.began","cause":"the log's words"}
        {"when":"shutdown initiated","events":"shutdown.began","cause":"the log's words"}
        {"when":"shutdown requested","events":"shutdown.began","cause":"the log's words"}
        {"when":"scheduling shutdown","events":"shutdown.began","cause":"the log's words"}
        {"when":"warm shutdown","events":"shutdown.began","cause":"the log's words"}
        {"when":"cold shutdown","events":"shutdown.began","cause":"the log's words"}
        {"when":"starting shutdown","events":"shutdown.began","cause":"the log's words"}
        {"when":"starting graceful shutdown","events":"shutdown.began","cause":"the log's words"}
        {"when":"initiating graceful shutdown","events":"shutdown.began","cause":"the log's words"}
        {"when":"stopping gracefully","events":"shutdown.began","cause":"the log's words"}
        {"when":"gracefully stopping","events":"shutdown.began","cause":"the log's words"}
        {"when":"stopping server","events":"shutdown.began","cause":"the log's words"}
        {"when":"stopping the server","events":"shutdown.began","cause":"the log's words"}
        {"when":"closing {name}","after":true,"events":"resource.releasing"}
        {"when":"stopping {name}","after":true,"events":"resource.releasing"}
        {"when":"flushing {name}","after":true,"events":"resource.releasing"}
        {"when":"closed","after":true,"events":"resource.released"}
        {"when":"flushed","after":true,"events":"resource.released"}
        {"when":"exited","after":true,"events":"shutdown.ended"}
        {"when":"exiting","after":true,"events":"shutdown.ended"}
        {"when":"stopped","after":true,"events":"shutdown.ended"}
        {"when":"goodbye","after":true,"events":"shutdown.ended"}
        {"when":"bye","after":true,"events":"shutdown.ended"}
        """#
}
