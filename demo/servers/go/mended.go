// The same server, mended: readiness fails first and answers say Connection: close; after the lead the listener is closed
// and what is in flight is finished under a deadline; the worker stops before the ledger that it writes to, whatever
// happened before; a second signal forces. A payment is on the disk before it is answered, and charged once for each key.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type payment struct {
	Key    string `json:"key"`
	Order  int    `json:"order"`
	Amount int    `json:"amount"`
}

// The payments: one line of JSON each, synced before the answer. A torn last line was never answered and counts for nothing.
type ledger struct {
	sync.Mutex
	file *os.File
	paid map[string]payment
}

func openLedger(path string) (*ledger, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	paid := map[string]payment{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var p payment
		if json.Unmarshal(lines.Bytes(), &p) == nil && p.Key != "" {
			paid[p.Key] = p
		}
	}
	fmt.Fprintln(file) // ends a torn line
	return &ledger{file: file, paid: paid}, nil
}

func (l *ledger) pay(p payment) (payment, bool, error) {
	l.Lock()
	defer l.Unlock()
	if earlier, found := l.paid[p.Key]; found {
		return earlier, false, nil
	}
	err := json.NewEncoder(l.file).Encode(p)
	if err == nil {
		err = l.file.Sync()
	}
	if err == nil {
		l.paid[p.Key] = p
	}
	return p, true, err
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var p payment
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&p) != nil || r.Header.Get("Idempotency-Key") == "" {
		http.Error(w, "a payment needs a JSON body and an Idempotency-Key", http.StatusBadRequest)
		return
	}
	p.Key = r.Header.Get("Idempotency-Key")
	p, isNew, err := l.pay(p)
	if err != nil {
		http.Error(w, "not paid: "+err.Error(), http.StatusInternalServerError)
		return
	}
	if isNew {
		receipts <- p
		w.WriteHeader(http.StatusCreated)
	}
	json.NewEncoder(w).Encode(p)
}

var (
	draining atomic.Bool
	receipts = make(chan payment, 100)
	stopped  = make(chan bool)
)

func worker(l *ledger) {
	for p := range receipts {
		time.Sleep(100 * time.Millisecond)
		if _, err := fmt.Fprintf(l.file, "{\"receipt\":%d}\n", p.Order); err != nil {
			log.Println("receipt lost:", err)
		}
	}
	close(stopped)
}

func slow(w http.ResponseWriter, r *http.Request) {
	ms, _ := strconv.Atoi(r.URL.Query().Get("ms"))
	time.Sleep(time.Duration(ms) * time.Millisecond)
	fmt.Fprintf(w, "done after %d ms\n", ms)
}

func ready(w http.ResponseWriter, r *http.Request) {
	if draining.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintf(w, "ready: %v\n", !draining.Load())
}

// An HTTP/1.1 client can be told only by an answer that its connection ends.
func announcing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func seconds(name, otherwise string) time.Duration {
	value, err := time.ParseDuration(env(name, otherwise) + "s")
	if err != nil {
		log.Fatalln(name, "is not a number of seconds")
	}
	return value
}

func main() {
	lead, drain, workers := seconds("LEAD", "1"), seconds("DRAIN", "30"), seconds("WORKERS", "8")
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM) // before anything that takes time
	ledger, err := openLedger(env("LEDGER", "payments.jsonl"))
	if err != nil {
		log.Fatalln(err)
	}
	go worker(ledger)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/readyz", ready)
	mux.Handle("/payments", ledger)
	// ReadHeaderTimeout: without it a connection that never sent a byte holds Shutdown for five seconds.
	srv := &http.Server{Addr: env("HOST", "127.0.0.1") + ":" + env("PORT", "8080"), Handler: announcing(mux),
		ReadHeaderTimeout: 2 * time.Second, ReadTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- srv.ListenAndServe() }()

	status := 0
	select {
	case err := <-failed:
		log.Println("listen:", err)
		status = 1
	case first := <-signals:
		draining.Store(true)
		log.Println(first, "- not ready; the listener stays open for", lead)
		ctx, cancel := context.WithCancel(context.Background())
		go func() { log.Println(<-signals, "again: forced"); cancel() }()
		select {
		case <-time.After(lead):
		case <-ctx.Done():
		}
		ctx, cancel = context.WithTimeout(ctx, drain)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			log.Println("cut what was still in flight:", err)
			srv.Close()
			status = 1
		}
	}
	// In reverse order of acquisition, and on every path.
	close(receipts)
	select {
	case <-stopped:
		log.Println("worker stopped")
	case <-time.After(workers):
		log.Println("receipts left:", len(receipts))
		status = 1
	}
	ledger.file.Close()
	log.Println("ledger closed")
	os.Exit(status)
}
