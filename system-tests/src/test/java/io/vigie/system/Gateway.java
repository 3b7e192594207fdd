package io.vigie.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vigie.stack.Vigie;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The command line as somebody runs it whose machine is not the platform's: a process that reaches
 * it under its names and over TLS, and knows nothing of it but a token. Before the stack of one
 * machine stands a server for that; in containers a proxy does.
 */
final class Gateway implements AutoCloseable {

  private static final List<String> SERVICES =
      List.of("asset", "access", "incident", "backup", "audit");

  /** What of a request and of its answer the command line looks at. */
  private static final List<String> PASSED_ON =
      List.of("Authorization", "Content-Type", "If-Match", "Idempotency-Key");

  private static final List<String> PASSED_BACK = List.of("Content-Type", "ETag", "Retry-After");

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String domain;
  private final List<String> javaOptions;
  private HttpsServer server;
  private HttpClient client;

  Gateway(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    if (Platform.inContainers()) {
      domain = Platform.domain();
      javaOptions = Platform.javaOptions();
      return;
    }
    Platform.stack();
    client = HttpClient.newHttpClient(); // believes by now whom this JVM does
    Path store = folder.resolve("gateway.p12");
    String names = "vigie.localhost";
    certify(store, names);
    InetAddress address = InetAddress.getLoopbackAddress();
    server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(showing(store)));
    server.createContext("/", this::passOn);
    server.start();
    domain = names + ":" + server.getAddress().getPort();
    Path hosts = folder.resolve("hosts");
    Files.write(
        hosts,
        SERVICES.stream()
            .map(service -> address.getHostAddress() + " " + service + "." + names)
            .toList());
    javaOptions =
        List.of(
            "-Djdk.net.hosts.file=" + hosts,
            "-Djavax.net.ssl.trustStore=" + store,
            "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  /** Runs a command there, with this in the file of its token. */
  Platform.Verdict vigie(String token, String... words) throws IOException, InterruptedException {
    return vigie(javaOptions, token, words);
  }

  /** The same, where Java knows of no authority but those that it comes with. */
  Platform.Verdict vigieWithoutTrust(String token, String... words)
      throws IOException, InterruptedException {
    return vigie(
        javaOptions.stream().filter(option -> !option.contains("trustStore")).toList(),
        token,
        words);
  }

  private Platform.Verdict vigie(List<String> options, String token, String... words)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("token"), token + "\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Dvigie.log.level=off",
            "-Dvigie.root=" + System.getProperty("vigie.root"),
            "-cp",
            System.getProperty("java.class.path"),
            Vigie.class.getName()));
    command.addAll(List.of(words));
    command.addAll(List.of("--at", domain, "--token-file", file.toString()));
    return Platform.run(new ProcessBuilder(command));
  }

  /**
   * A key and a certificate that vouches for itself, in a store that clients can trust as it is.
   */
  private static void certify(Path store, String names) throws IOException, InterruptedException {
    Platform.Verdict made =
        Platform.run(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "gateway",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + names,
                "-ext",
                SERVICES.stream()
                    .map(service -> "dns:" + service + "." + names)
                    .collect(Collectors.joining(",", "san=", "")),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
    assertEquals(0, made.exit(), made.output());
  }

  private static SSLContext showing(Path store) throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void passOn(HttpExchange exchange) throws IOException {
    try (exchange) {
      String service = exchange.getRequestHeaders().getFirst("Host").split("\\.")[0];
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("" + Platform.url(service) + exchange.getRequestURI()))
              .method(
                  exchange.getRequestMethod(),
                  BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      for (String header : PASSED_ON) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
          request.header(header, value);
        }
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      for (String header : PASSED_BACK) {
        answer
            .headers()
            .firstValue(header)
            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
      }
      byte[] body = answer.body();
      exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
