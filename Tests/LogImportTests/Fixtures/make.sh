#!/bin/bash
# Makes the real logs of this folder again: FIXTURES=FOLDER bash make.sh
# Needs nginx-light, haproxy, puma, postgresql-15, golang-go, docker.io, busybox-static, systemd and curl of Debian, and root;
# gunicorn and uvicorn of PyPI in VENV.
# Loopback only; ends what it starts.
set -u
F=${FIXTURES:?a folder for the logs} VENV=${VENV:?a virtual environment} W=$(mktemp -d)
cd "$W" || exit
# ---- nginx
cat > slow.py <<'P'
import http.server,time,sys,socketserver
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(s):
        time.sleep(1.0); b=b"slow\n"; s.send_response(200); s.send_header("Content-Length",str(len(b))); s.end_headers(); s.wfile.write(b)
    def log_message(s,*a): pass
class T(socketserver.ThreadingMixIn,http.server.HTTPServer): daemon_threads=True
T(("127.0.0.1",18201),H).serve_forever()
P
python3 slow.py & SLOW=$!
mkdir -p ng; cat > ng/nginx.conf <<C
daemon off; master_process on; worker_processes 1; pid $W/ng/pid; error_log $W/ng/error.log notice;
events {}
http { access_log off; server { listen 127.0.0.1:18202; location / { proxy_pass http://127.0.0.1:18201; } } }
C
for sig in QUIT TERM; do
 rm -f ng/error.log; nginx -c $W/ng/nginx.conf -p $W/ng 2>/dev/null & N=$!; sleep 0.6
 curl -s -m 5 http://127.0.0.1:18202/ >/dev/null & C=$!; sleep 0.3; kill -$sig $N; wait $N; wait $C; cp ng/error.log $F/nginx-$(echo $sig|tr A-Z a-z).log
done
# ---- haproxy (master-worker)
cat > ha.cfg <<C
global
    log stderr format iso local0
    stats timeout 30s
    hard-stop-after 5s
defaults
    mode http
    log global
    option httplog
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend web
    bind 127.0.0.1:18203
    default_backend app
backend app
    server one 127.0.0.1:18201
C
for sig in USR1 TERM; do
 haproxy -W -f ha.cfg > ha-$sig.log 2>&1 & N=$!; sleep 0.8
 curl -s -m 5 http://127.0.0.1:18203/report >/dev/null & C=$!; sleep 0.3; kill -$sig $N; wait $N; echo "haproxy $sig status $?"; wait $C; cp ha-$sig.log $F/haproxy-$(echo $sig|tr A-Z a-z).log
done
# ---- puma
cat > config.ru <<'R'
run lambda { |env| sleep 1; [200, {"Content-Type"=>"text/plain"}, ["slow\n"]] }
R
puma -b tcp://127.0.0.1:18204 -e production config.ru > puma.log 2>&1 & N=$!; for i in $(seq 40); do grep -q "Ctrl-C" puma.log && break; sleep 0.1; done
curl -s -m 5 http://127.0.0.1:18204/ >/dev/null & C=$!; sleep 0.3; kill -TERM $N; wait $N; echo "puma status $?"; wait $C; cp puma.log $F/puma.log
puma -w 2 -b tcp://127.0.0.1:18204 -e production config.ru > pumac.log 2>&1 & N=$!; for i in $(seq 60); do [ $(grep -c "booted" pumac.log) -ge 2 ] && break; sleep 0.1; done
curl -s -m 5 http://127.0.0.1:18204/ >/dev/null & C=$!; sleep 0.3; kill -TERM $N; wait $N; echo "puma cluster status $?"; wait $C; cp pumac.log $F/puma-cluster.log
# ---- gunicorn
cat > wapp.py <<'P'
import time
def app(env,start):
    time.sleep(1); start("200 OK",[("Content-Length","5")]); return [b"slow\n"]
async def asgi(scope,receive,send):
    import asyncio
    if scope["type"]=="lifespan":
        while True:
            m=await receive()
            if m["type"]=="lifespan.startup": await send({"type":"lifespan.startup.complete"})
            else:
                await send({"type":"lifespan.shutdown.complete"}); return
    await asyncio.sleep(float(scope["query_string"] or b"1"))
    await send({"type":"http.response.start","status":200,"headers":[(b"content-length",b"5")]})
    await send({"type":"http.response.body","body":b"slow\n"})
P
V=$VENV/bin
for sig in TERM INT; do
 $V/gunicorn -w 2 -b 127.0.0.1:18205 wapp:app > g-$sig.log 2>&1 & N=$!; for i in $(seq 60); do [ $(grep -c Booting g-$sig.log) -ge 2 ] && break; sleep 0.1; done; sleep 0.3
 curl -s -m 5 http://127.0.0.1:18205/ >/dev/null & C=$!; sleep 0.3; kill -$sig $N; wait $N; echo "gunicorn $sig status $?"; wait $C; cp g-$sig.log $F/gunicorn-$(echo $sig|tr A-Z a-z).log
done
# ---- uvicorn
$V/uvicorn --host 127.0.0.1 --port 18206 wapp:asgi > u.log 2>&1 & N=$!; for i in $(seq 60); do grep -q "running on" u.log && break; sleep 0.1; done
curl -s -m 5 "http://127.0.0.1:18206/?1" >/dev/null & C=$!; sleep 0.3; kill -TERM $N; wait $N; echo "uvicorn status $?"; wait $C; cp u.log $F/uvicorn.log
$V/uvicorn --host 127.0.0.1 --port 18206 --timeout-graceful-shutdown 1 wapp:asgi > u2.log 2>&1 & N=$!; for i in $(seq 60); do grep -q "running on" u2.log && break; sleep 0.1; done
curl -s -m 5 "http://127.0.0.1:18206/?4" >/dev/null & C=$!; sleep 0.3; kill -TERM $N; wait $N; echo "uvicorn2 status $?"; wait $C; cp u2.log $F/uvicorn-timeout.log
# ---- postgres
PB=/usr/lib/postgresql/15/bin; D=$W/pg; mkdir $D; chown -R postgres $W; chmod 755 $W
su postgres -c "$PB/initdb -D $D -A trust >/dev/null"
for m in fast smart immediate; do
 su postgres -c "$PB/pg_ctl -D $D -w -l $D/log-$m -o '-p 18207 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$D' start >/dev/null"
 (psql -h 127.0.0.1 -p 18207 -U postgres -c "begin; select pg_sleep(1)" >/dev/null 2>&1) & C=$!; sleep 0.4
 su postgres -c "$PB/pg_ctl -D $D -m $m -w stop >/dev/null"; wait $C; sed "s#$W#/var/lib#g" $D/log-$m > $F/postgresql-$m.log
done
# ---- Go
mkdir -p go; cat > go/main.go <<'G'
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func cleanup() {
	log.Println("Closing DB connections...")
	time.Sleep(20 * time.Millisecond)
	log.Println("Stopping background workers...")
	time.Sleep(30 * time.Millisecond)
	log.Println("Flushing logs...")
}

func main() {
	limit, _ := strconv.Atoi(os.Args[2])
	if os.Args[3] == "micro" {
		log.SetFlags(log.LstdFlags | log.Lmicroseconds)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { time.Sleep(time.Second); w.Write([]byte("slow\n")) })
	srv := &http.Server{Addr: os.Args[1]}
	go func() {
		if err := srv.ListenAndServe(); err != nil && err != http.ErrServerClosed {
			log.Fatalf("listen: %s\n", err)
		}
	}()
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGINT, syscall.SIGTERM)
	<-quit
	log.Println("Shutdown signal received... cleaning up")
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(limit)*time.Millisecond)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		log.Fatalf("Server Shutdown Failed:%+v", err)
	}
	cleanup()
	log.Println("Server exited gracefully")
}
G
(cd go && go mod init x >/dev/null 2>&1; go build -o ../gosrv .)
for v in "10000 micro go" "200 plain go-timeout"; do set -- $v
 ./gosrv 127.0.0.1:18208 $1 $2 > $3.log 2>&1 & N=$!; sleep 0.5; curl -s -m 5 http://127.0.0.1:18208/ >/dev/null & C=$!; sleep 0.3; kill -TERM $N; wait $N; echo "$3 status $?"; wait $C; cp $3.log $F/$3.log
done
# ---- Docker, in a network of its own: a shell that ignores TERM, and the Go server
D=$W/docker; mkdir -p $D/img/bin; export DOCKER_HOST=unix://$D/sock; cp /bin/busybox $D/img/bin/
(cd go && CGO_ENABLED=0 go build -o $D/img/bin/gosrv .)
unshare -mn dockerd --iptables=false --ip-masq=false --bridge=none --data-root $D/data --exec-root $D/exec --pidfile $D/pid -H $DOCKER_HOST --storage-driver vfs > $D/log 2>&1 & 
for i in $(seq 60); do [ -S $D/sock ] && docker ps >/dev/null 2>&1 && break; sleep 0.2; done
tar -C $D/img -c . | docker import - shop:1 >/dev/null; nsenter -t $(cat $D/pid) -n ip link set lo up
docker run -d --name shop --network host shop:1 /bin/gosrv 127.0.0.1:18208 10000 micro; sleep 1
nsenter -t $(cat $D/pid) -n curl -s -m 5 http://127.0.0.1:18208/ >/dev/null & sleep 0.3; docker stop shop
docker run -d --name stubborn --network host shop:1 /bin/busybox sh -c 'trap "" TERM; echo serving; while :; do sleep 1; done'; sleep 1; docker stop -t 2 stubborn
for v in "shop docker-events-clean" "stubborn docker-events"; do set -- $v; docker events --since 2026-01-01 --until $(date -u +%Y-%m-%dT%H:%M:%SZ) --filter container=$1 > $F/$2.log; done
cp "$(docker inspect -f '{{.LogPath}}' shop)" $F/docker-json-file.log; sed "s#$D/#/var/lib/docker/#g" $D/log | tail -8 > $F/dockerd.log
docker rm -f shop stubborn; kill -TERM $(cat $D/pid)
# ---- systemd: a user manager with a journal of its own, in namespaces of its own
cat > sd.sh <<'S'
mount --make-rprivate /; mount -t tmpfs none /run; mount -t tmpfs none /var/log
mkdir -p /run/systemd/system /run/systemd/journal /run/log/journal /run/user/0; export XDG_RUNTIME_DIR=/run/user/0 HOME=$PWD/home; U=$HOME/.config/systemd/user; mkdir -p $U
cat > shop.py <<'P'
import signal,sys,time
def stop(*_):
    print("shop: stopping",flush=True)
    if sys.argv[1]=="polite": time.sleep(0.5); sys.exit(0)
    if sys.argv[1]=="sick": time.sleep(0.2); sys.exit(1)
signal.signal(signal.SIGTERM,stop); print("shop: serving",flush=True)
while True: time.sleep(0.1)
P
for m in polite stubborn sick; do printf "[Unit]\nDescription=The shop\n[Service]\nType=exec\nExecStart=/usr/bin/python3 $PWD/shop.py $m\nTimeoutStopSec=2\n" > $U/shop-$m.service; done
/lib/systemd/systemd-journald & sleep 1; /lib/systemd/systemd --user --log-level=info --log-target=journal & sleep 2
for m in polite stubborn sick; do systemctl --user start shop-$m; sleep 0.7; systemctl --user stop shop-$m; sleep 0.5; done
for v in "polite clean" "stubborn killed"; do set -- $v; journalctl -o short-precise | sed -n "/Starting shop-$1/,/Stopped shop-$1/p" > systemd-$2.log; done
journalctl -o json --user-unit shop-sick > systemd-status.log; kill %2; sleep 1; kill %1; wait
S
unshare -mpf --mount-proc bash sd.sh; cp systemd-*.log $F; sed -i "s/\"_MACHINE_ID\":\"[0-9a-f]*\"/\"_MACHINE_ID\":\"00000000000000000000000000000000\"/" $F/systemd-status.log
kill $SLOW
nginx -v; haproxy -v | head -1; puma --version; $V/gunicorn --version; $V/uvicorn --version; go version
