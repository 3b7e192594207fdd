package io.vigie.system;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;

/** Another replica of a service, on a port of its own, until it is closed. */
final class Replica implements AutoCloseable {

  private final Process process;
  private final String address;
  private final File log;

  private Replica(Process process, String address, File log) {
    this.process = process;
    this.address = address;
    this.log = log;
  }

  /** Starts it with these settings beside those of the stack; returns when it is ready. */
  static Replica start(String service, Map<String, String> settings) throws IOException {
    int port = freePort();
    ProcessBuilder command = Platform.stack().command(service);
    command.environment().putAll(settings);
    command.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    command.environment().put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
    File log = new File("target/" + service + "-replica.log");
    Replica replica =
        new Replica(
            command.redirectErrorStream(true).redirectOutput(log).start(),
            Platform.stack().url(service).getScheme() + "://127.0.0.1:" + port,
            log);
    await()
        .atMost(Duration.ofMinutes(4))
        .failFast(service + " ended, see " + log, () -> !replica.process.isAlive())
        .ignoreExceptions()
        .untilAsserted(
            () ->
                Platform.at("sysadmin", replica.address)
                    .get("/q/health/ready")
                    .then()
                    .statusCode(200));
    return replica;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String address() {
    return address;
  }

  /** Where what it says is kept. */
  File log() {
    return log;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor(20, TimeUnit.SECONDS);
    process.destroyForcibly();
  }
}
