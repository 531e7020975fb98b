// The JDK's own HTTP server with the usual shutdown hook: server.stop(0).
// Its flaws: stop(0) cuts every answer in flight; readiness never fails; the exit status is 143; a payment sent twice is
// charged twice, and nothing of it is synced.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;

class Usual {
    static final Path LEDGER = Path.of(System.getenv().getOrDefault("LEDGER", "payments.jsonl"));

    static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes();
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

    static void pay(HttpExchange exchange) throws IOException {
        String payment = new String(exchange.getRequestBody().readAllBytes()).strip() + "\n";
        Files.writeString(LEDGER, payment, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        answer(exchange, 201, payment);
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> answer(exchange, 200, "hello\n"));
        server.createContext("/readyz", exchange -> answer(exchange, 200, "ready\n"));
        server.createContext("/slow", Usual::slow);
        server.createContext("/payments", Usual::pay);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("Shutting down");
            server.stop(0);
        }));
        server.start();
    }
}
