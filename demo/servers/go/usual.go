// The server that people write first: signal.Notify, srv.Shutdown under a ten-second context, then a cleanup.
// Its flaws: readiness never fails; at the deadline log.Fatalf skips the cleanup; the ledger is closed before the worker
// that still writes to it; further signals are swallowed; a payment sent twice is charged twice.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

type payment struct {
	Order  int `json:"order"`
	Amount int `json:"amount"`
}

var (
	ledger   *os.File
	receipts = make(chan payment, 100)
	stopped  = make(chan bool)
)

func slow(w http.ResponseWriter, r *http.Request) {
	ms, _ := strconv.Atoi(r.URL.Query().Get("ms"))
	time.Sleep(time.Duration(ms) * time.Millisecond)
	fmt.Fprintf(w, "done after %d ms\n", ms)
}

func pay(w http.ResponseWriter, r *http.Request) {
	var p payment
	if json.NewDecoder(r.Body).Decode(&p) != nil {
		http.Error(w, "not a payment", http.StatusBadRequest)
		return
	}
	json.NewEncoder(ledger).Encode(p)
	receipts <- p
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(p)
}

// A background worker: it notes a receipt for each payment, a moment later.
func worker() {
	for p := range receipts {
		time.Sleep(100 * time.Millisecond)
		if _, err := fmt.Fprintf(ledger, "{\"receipt\":%d}\n", p.Order); err != nil {
			log.Println("receipt lost:", err)
		}
	}
	stopped <- true
}

func cleanup() {
	log.Println("Closing DB connections...")
	ledger.Close()
	log.Println("Stopping background workers...")
	close(receipts)
	<-stopped
	log.Println("Flushing logs...")
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func main() {
	ledger, _ = os.OpenFile(env("LEDGER", "payments.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	go worker()
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/report", slow) // the name that Drainboard's own demo server has for it
	mux.HandleFunc("/payments", pay)
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ready") })
	srv := &http.Server{Addr: "127.0.0.1:" + env("PORT", "8080"), Handler: mux}

	go func() {
		if err := srv.ListenAndServe(); err != nil && err != http.ErrServerClosed {
			log.Fatalf("listen: %s\n", err)
		}
	}()

	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGINT, syscall.SIGTERM)
	<-quit

	log.Println("Shutdown signal received... cleaning up")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		log.Fatalf("Server Shutdown Failed:%+v", err)
	}
	cleanup()
	log.Println("Server exited gracefully")
}
