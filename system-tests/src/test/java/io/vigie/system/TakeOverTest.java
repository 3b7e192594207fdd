package io.vigie.system;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vigie.stack.Stack;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** Two replicas of a service, one of them frozen: the other relays, and the thaw does no harm. */
class TakeOverTest {

  @Test
  void aPausedRelayHolderThatWakesLeavesNothingTwiceAndNothingOutOfOrder()
      throws IOException, InterruptedException {
    // Given a second replica, which waits for the first one's relay lock
    Stack stack = Platform.stack();
    int port = freePort();
    ProcessBuilder command = stack.command("asset");
    command.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    Process replica =
        command
            .redirectErrorStream(true)
            .redirectOutput(new File("target/asset-replica.log"))
            .start();
    try {
      String second = "http://127.0.0.1:" + port;
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .untilAsserted(
              () -> Platform.at("sysadmin", second).get("/q/health/ready").then().statusCode(200));
      Assets assets = new Assets();
      assets.write(second, 4);

      // When the first one is frozen, past the take-over, while writes come through the second
      stack.freeze("asset");
      CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> assets.write(second, 20));
      try {
        writing.join();
        await()
            .atMost(Duration.ofSeconds(45))
            .untilAsserted(
                () ->
                    Platform.at("sysadmin", second)
                        .get("/v1/operator/outbox")
                        .then()
                        .body("waiting", equalTo(0)));
      } finally {
        stack.thaw("asset");
      }
      // and wakes while both take writes
      assets.write(stack.url("asset").toString(), 5);
      assets.write(second, 5);

      // Then
      assets.assertLoggedExactlyOnceInOrder();
    } finally {
      replica.destroy();
      replica.waitFor(20, TimeUnit.SECONDS);
      replica.destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
