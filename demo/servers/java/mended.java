// The JDK's own HTTP server, mended: SIGTERM and SIGINT alike; readiness fails first and answers say Connection: close;
// after the lead the listener is closed and what is in flight is finished under a deadline; a second signal forces; it
// exits 0. A payment is on the disk before it is answered, and charged once for each key.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sun.misc.Signal;

class Mended {
    static volatile boolean draining = false;
    static final AtomicInteger inFlight = new AtomicInteger();
    static final LinkedBlockingQueue<String> stops = new LinkedBlockingQueue<>();

    /** One line of JSON for each payment. A torn last line was never answered and counts for nothing. */
    static class Ledger implements HttpHandler, AutoCloseable {
        static final Pattern LINE = Pattern.compile("\\{\"key\":\"([\\w-]+)\",.*}");
        static final Pattern ORDER = Pattern.compile("\"order\"\\s*:\\s*(\\d{1,9})"), AMOUNT = Pattern.compile("\"amount\"\\s*:\\s*(\\d{1,9})");
        final RandomAccessFile file;
        final Map<String, String> paid = new ConcurrentHashMap<>();

        Ledger(String path) throws IOException {
            file = new RandomAccessFile(path, "rw");
            for (String line = file.readLine(); line != null; line = file.readLine()) {
                Matcher found = LINE.matcher(line);
                if (found.matches()) paid.put(found.group(1), line);
            }
            file.writeBytes("\n"); // ends a torn line
        }

        synchronized int pay(String key, String payment) throws IOException {
            if (paid.containsKey(key)) return 200;
            file.writeBytes(payment + "\n");
            file.getFD().sync();
            paid.put(key, payment);
            return 201;
        }

        public void handle(HttpExchange exchange) throws IOException {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String body = new String(exchange.getRequestBody().readNBytes(4096));
            Matcher order = ORDER.matcher(body), amount = AMOUNT.matcher(body);
            if (key == null || !key.matches("[\\w-]{1,64}") || !order.find() || !amount.find()) {
                answer(exchange, 400, "a payment needs a JSON body and an Idempotency-Key\n");
                return;
            }
            String payment = "{\"key\":\"" + key + "\",\"order\":" + order.group(1) + ",\"amount\":" + amount.group(1) + "}";
            int status = pay(key, payment);
            answer(exchange, status, paid.get(key) + "\n");
        }

        public synchronized void close() throws IOException {
            file.close();
        }
    }

    static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes();
        if (draining) exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static void slow(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        long ms = query != null && query.startsWith("ms=") ? Long.parseLong(query.substring(3)) : 1000;
        try {
            Thread.sleep(ms);
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        answer(exchange, 200, "done after " + ms + " ms\n");
    }

    static HttpHandler counted(HttpHandler handler) {
        return exchange -> {
            inFlight.incrementAndGet();
            try {
                handler.handle(exchange);
            } finally {
                inFlight.decrementAndGet();
            }
        };
    }

    static long milliseconds(String name, String otherwise) {
        return (long) (1000 * Double.parseDouble(System.getenv().getOrDefault(name, otherwise)));
    }

    public static void main(String[] arguments) throws Exception {
        for (String name : new String[] {"TERM", "INT"}) Signal.handle(new Signal(name), signal -> stops.add(signal.getName()));
        long lead = milliseconds("LEAD", "1"), drain = milliseconds("DRAIN", "30");
        System.setProperty("sun.net.httpserver.maxReqTime", "10"); // seconds for a request to arrive
        Ledger ledger = new Ledger(System.getenv().getOrDefault("LEDGER", "payments.jsonl"));
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 128);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", counted(exchange -> answer(exchange, 200, "hello\n")));
        server.createContext("/readyz", counted(exchange -> answer(exchange, draining ? 503 : 200, draining ? "draining\n" : "ready\n")));
        server.createContext("/slow", counted(Mended::slow));
        server.createContext("/payments", counted(ledger));
        server.start();

        String first = stops.take();
        draining = true;
        System.out.println("SIG" + first + ": not ready; the listener stays open for " + lead + " ms");
        boolean forced = stops.poll(lead, TimeUnit.MILLISECONDS) != null;
        // stop closes the listener at once, yet may wait all of its time though nothing is in flight: so it waits elsewhere.
        Thread stopping = new Thread(() -> server.stop((int) (drain / 1000) + 1));
        stopping.setDaemon(true);
        stopping.start();
        System.out.println("listener closed");
        long deadline = System.nanoTime() + drain * 1_000_000;
        while (!forced && inFlight.get() > 0 && System.nanoTime() < deadline) {
            forced = stops.poll(10, TimeUnit.MILLISECONDS) != null;
        }
        boolean clean = inFlight.get() == 0;
        ledger.close(); // last, as it was opened first
        System.out.println("ledger closed; " + (clean ? "nothing was cut" : "cut what was still in flight"));
        Runtime.getRuntime().halt(clean ? 0 : 1); // exit would wait for threads that are still in a handler
    }
}
