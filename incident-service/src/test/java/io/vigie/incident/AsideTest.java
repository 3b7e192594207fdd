package io.vigie.incident;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

class AsideTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void workIsDoneBesideTheEventLoopWhichGoesOnWithTheResult() throws Exception {
    Context context = vertx.getOrCreateContext();
    CompletableFuture<Thread> loop = new CompletableFuture<>();
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    CompletableFuture<Thread> after = new CompletableFuture<>();

    context.runOnContext(
        none -> {
          loop.complete(Thread.currentThread());
          Aside.of(
                  () -> {
                    assertFalse(Context.isOnEventLoopThread());
                    worker.complete(Thread.currentThread());
                    return "read";
                  })
              .subscribe()
              .with(
                  read -> {
                    assertEquals("read", read);
                    after.complete(Thread.currentThread());
                  },
                  after::completeExceptionally);
        });

    assertSame(loop.get(30, TimeUnit.SECONDS), after.get(30, TimeUnit.SECONDS));
    assertFalse(worker.get().equals(loop.get()));
  }
}
