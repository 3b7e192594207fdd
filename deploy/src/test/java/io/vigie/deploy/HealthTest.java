package io.vigie.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HealthTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void wellIsWhatAnswers200() throws IOException {
    assertTrue(whileItAnswers(200));
    assertFalse(whileItAnswers(503));
    assertFalse(whileItAnswers(302));
  }

  private static boolean whileItAnswers(int status) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      return Health.isWell(address(server.getAddress().getPort()));
    } finally {
      server.stop(0);
    }
  }

  @Test
  @Timeout(120)
  void whatAnswersNothingOrIsNotThereIsNotWell() throws IOException {
    int port;
    try (ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
      port = silent.getLocalPort();
      assertFalse(Health.isWell(address(port)));
    }
    assertFalse(Health.isWell(address(port)));
  }

  @Test
  void aWholeAddressIsTakenAsItIs() {
    assertEquals(
        URI.create("http://127.0.0.1:9000/health/ready"),
        Health.application("http://127.0.0.1:9000/health/ready"));
  }

  private static URI address(int port) {
    return URI.create("http://" + LOOPBACK.getHostAddress() + ":" + port + "/q/health/ready");
  }
}
