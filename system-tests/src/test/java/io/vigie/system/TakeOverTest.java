package io.vigie.system;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.vigie.stack.Stack;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** Two replicas of a service, one of them frozen: the other relays, and the thaw does no harm. */
@OnOneMachine("starts another replica")
class TakeOverTest {

  @Test
  void aPausedRelayHolderThatWakesLeavesNothingTwiceAndNothingOutOfOrder()
      throws IOException, InterruptedException {
    // Given a second replica, which waits for the first one's relay lock
    Stack stack = Platform.stack();
    try (Replica replica = Replica.start("asset", Map.of())) {
      String second = replica.address();
      Assets assets = new Assets();
      assets.write(second, 4);

      // When the first one is frozen, past the take-over, while writes come through the second
      stack.freeze("asset");
      CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> assets.write(second, 20));
      try {
        writing.join();
        await()
            .atMost(Duration.ofMinutes(2))
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
    }
  }
}
