package io.vigie.system;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.vigie.stack.Stack;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is left when processes die at once (kill -9) in the middle of writes. */
class CrashTest {

  private static final int CLIENTS = 8;
  private static final int ASSETS_EACH = 50; // × 5 writes × 8 clients = 2,000 writes

  @Test
  void everyAcknowledgedWriteIsLoggedOnceAndInOrderThoughTheBrokerAndServicesDie()
      throws IOException, InterruptedException {
    // Given eight clients in the middle of two thousand writes
    Stack stack = Platform.stack();
    String asset = stack.url("asset").toString();
    Assets assets = new Assets();
    assets.limit(800); // not all is written before the last fault
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<CompletableFuture<Void>> writing =
        IntStream.range(0, CLIENTS)
            .mapToObj(
                i -> CompletableFuture.runAsync(() -> assets.write(asset, ASSETS_EACH), clients))
            .toList();

    // When the broker dies; writes go on without it
    awaitWrites(assets, 300);
    stack.kill("kafka");
    awaitWrites(assets, assets.writes() + 200);
    stack.start("kafka");

    // and the writing service dies
    assets.limit(1_400);
    awaitWrites(assets, 900);
    stack.kill("asset");
    stack.start("asset");

    // and the log's own service dies
    assets.limit(Integer.MAX_VALUE);
    awaitWrites(assets, 1_450);
    stack.kill("audit");
    stack.start("audit");
    writing.forEach(CompletableFuture::join);
    clients.shutdown();

    // Then
    assertEquals(CLIENTS * ASSETS_EACH * Assets.WRITES_EACH, assets.writes());
    assets.assertLoggedExactlyOnceInOrder();
    Platform.Verdict verdict = Platform.verify();
    assertEquals(0, verdict.exit(), verdict.output());
  }

  private static void awaitWrites(Assets assets, int count) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> assets.writes() >= count);
  }
}
