package io.vigie.bench;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.HdrHistogram.Histogram;

/**
 * Callers of one service over HTTP/1.1, on connections that stay open. One thread for all of them,
 * so that they take little of the machine from what is measured.
 */
final class Load implements AutoCloseable {

  /** As many as a service's pool has connections to its database. */
  static final int CONNECTIONS = 16;

  private static final long PATIENCE_SECONDS = 30;

  /** Gets each answer, with what was asked and the nanoseconds since that was to be sent. */
  interface Taker {
    void take(Request asked, HttpClientResponse answer, long nanos);
  }

  /** What is asked, and the status of the only answer that is right. */
  record Request(HttpMethod method, String path, Buffer body, int status) {

    static Request get(String path) {
      return new Request(HttpMethod.GET, path, Buffer.buffer(), 200);
    }
  }

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient client;
  private final URI service;
  private String proof;
  private String value;

  Load(URI service) {
    this.service = service;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxPoolSize(CONNECTIONS)
                .setDefaultHost(service.getHost())
                .setDefaultPort(service.getPort()));
  }

  /** What is asked from now on is asked with this token. */
  void use(String token) {
    this.proof = "Authorization";
    this.value = "Bearer " + token;
  }

  /** What is asked from now on is asked by the browser that has these cookies. */
  void useCookies(String cookies) {
    this.proof = "Cookie";
    this.value = cookies;
  }

  /**
   * Each connection asks again as soon as it was answered.
   *
   * @return how many answers there were
   */
  long closed(Supplier<Request> requests, Duration time) throws Exception {
    Phase phase = new Phase();
    long start = System.nanoTime();
    vertx.runOnContext(
        loop -> {
          for (int i = 0; i < CONNECTIONS; i++) {
            again(requests, phase, start + time.toNanos());
          }
        });
    LockSupport.parkNanos(time.toNanos());
    phase.end();
    return phase.await();
  }

  private void again(Supplier<Request> requests, Phase phase, long until) {
    phase.sent();
    send(
        requests.get(),
        phase,
        answer -> {
          if (System.nanoTime() < until) {
            again(requests, phase, until);
          }
        });
  }

  /**
   * Asks so many times a second, whatever the answers do.
   *
   * @return nanoseconds from when each request was to be sent until its answer was there
   */
  Histogram open(
      Supplier<Request> requests, double rate, Duration time, Consumer<HttpClientResponse> taker)
      throws Exception {
    return open(requests, rate, time, (asked, answer, nanos) -> taker.accept(answer));
  }

  /** The same. */
  Histogram open(Supplier<Request> requests, double rate, Duration time, Taker taker)
      throws Exception {
    Phase phase = new Phase();
    Histogram times = new Histogram(3);
    long count = Math.round(rate * time.toNanos() / 1e9);
    long start = System.nanoTime() + 10_000_000;
    for (long i = 0; i < count; i++) {
      long intended = start + Math.round(i * 1e9 / rate);
      for (long left; (left = intended - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      vertx.runOnContext(
          loop -> {
            phase.sent();
            Request asked = requests.get();
            send(
                asked,
                phase,
                answer -> {
                  long nanos = System.nanoTime() - intended;
                  times.recordValue(nanos);
                  taker.take(asked, answer, nanos);
                });
          });
    }
    phase.end();
    if (phase.await() != count) {
      throw new IllegalStateException("not every request was answered");
    }
    return times;
  }

  private void send(Request request, Phase phase, Consumer<HttpClientResponse> taker) {
    client
        .request(new RequestOptions().setMethod(request.method()).setURI(request.path()))
        .compose(
            ready ->
                ready
                    .putHeader(proof, value)
                    .putHeader("Content-Type", "application/json")
                    .send(request.body()))
        .compose(answer -> answer.body().map(answer))
        .map(
            answer -> {
              if (answer.statusCode() != request.status()) {
                throw new IllegalStateException(
                    service + request.path() + " answers " + answer.statusCode());
              }
              taker.accept(answer);
              phase.answered();
              return answer;
            })
        .onFailure(phase::fail);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Counts on the one thread. */
  private final class Phase {
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private long sent;
    private long answered;
    private boolean ended;

    void sent() {
      sent++;
    }

    void answered() {
      answered++;
      completeWhenAnswered();
    }

    /** Nothing but what follows from an answer is sent any more. */
    void end() {
      vertx.runOnContext(
          loop -> {
            ended = true;
            completeWhenAnswered();
          });
    }

    private void completeWhenAnswered() {
      if (ended && answered == sent) {
        done.complete(answered);
      }
    }

    void fail(Throwable why) {
      done.completeExceptionally(why);
    }

    /** How many were answered, all of them rightly. */
    long await() throws Exception {
      return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
