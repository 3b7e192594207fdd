package io.vigie.chaos;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A client as it should be: what may be tried again is tried again under the same idempotency key,
 * after the pause that the answer asks for, until it is done, refused, or the client's patience is
 * over. Some have none: they give up at the first answer that does not come. Some ask again for
 * what was done, as one does whose answer was lost on the way.
 */
final class Client {

  /** The client does not go on with what it was at. */
  static final class GaveUp extends Exception {
    GaveUp(Object at) {
      super(at.toString(), null, false, false);
    }
  }

  /** An answer that says "done". */
  record Done(JsonNode body, String version) {

    String id() {
      return body.path("id").asText();
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double IMPATIENT = 0.1;
  private static final double FORGETFUL = 0.05;

  private static final String UUIDS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private static final int LOOKS = 20;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final Api api;
  private final Ledger ledger;
  private final Timeline timeline;
  private final Random random;
  private volatile boolean stopped;

  Client(Api api, Ledger ledger, Timeline timeline, long seed) {
    this.api = api;
    this.ledger = ledger;
    this.timeline = timeline;
    this.random = new Random(seed);
  }

  /** What this client decides by. */
  Random random() {
    return random;
  }

  /** Whoever works with it ends soon; a write that is under way is given up between attempts. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Makes an object of a kind. */
  Done create(String account, String service, String path, String kind, Object body, Write write)
      throws GaveUp {
    return persist(account, "POST", service, path, kind, body, null, write);
  }

  /** Lets something happen to an object in a version. */
  Done act(String account, String service, String path, Object body, String version, Write write)
      throws GaveUp {
    return persist(account, "POST", service, path, null, body, version, write);
  }

  /**
   * Puts something that is there as it was put, however often. There is no key for that: what was
   * done by an attempt whose answer was lost may have the next one refused.
   *
   * @param version null where none is asked for
   */
  Done put(String account, String service, String path, Object body, String version, Write write)
      throws GaveUp {
    return persist(account, "PUT", service, path, null, body, version, write);
  }

  /** What is there now. */
  Done look(String account, String service, String path) throws GaveUp {
    return repeat(account, "GET", service, path, null);
  }

  /** Has something done that is not ours to account for and may be done twice. */
  Done repeat(String account, String method, String service, String path, Object body)
      throws GaveUp {
    return repeat(account, method, service, path, body, null);
  }

  /** The same with an object in a version. */
  Done repeat(
      String account, String method, String service, String path, Object body, String version)
      throws GaveUp {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    do {
      HttpResponse<String> answer = attempt(account, method, service, path, body, null, version);
      if (isDone(answer)) {
        return read(answer);
      }
      if (isFinal(answer)) {
        break;
      }
      pause(answer);
    } while (goesOn(deadline));
    throw new GaveUp(path);
  }

  /**
   * What is there once it has as many items as that, which others bring about.
   *
   * @throws GaveUp when it has not after a while
   */
  JsonNode await(String account, String service, String path, int items) throws GaveUp {
    return await(account, service, path, "items", found -> found.size() >= items);
  }

  /**
   * A part of what is there once it is as others are to make it.
   *
   * @throws GaveUp when it is not after a while
   */
  JsonNode await(
      String account, String service, String path, String part, Predicate<JsonNode> condition)
      throws GaveUp {
    for (int look = 1; look <= LOOKS && !stopped; look++) {
      JsonNode found = look(account, service, path).body().path(part);
      if (condition.test(found)) {
        return found;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    throw new GaveUp(path);
  }

  /** Asks once for what must not happen, whatever the answer is: nothing of it is in the log. */
  void inVain(
      String account, String method, String service, String path, Object body, Write write) {
    ledger.begin(write).refused();
    String key = method.equals("POST") ? UUID.randomUUID().toString() : null;
    attempt(account, method, service, path, body, key, "*");
  }

  /** Enters what a write that was done brings about by itself. */
  void follows(Write write) {
    ledger.begin(write).done(null, null);
  }

  /**
   * Replaces a part of an object that nobody else changes. There is no key for that: after an
   * attempt whose answer was lost the client looks whether it took effect.
   *
   * @param part the member of the object that then has this value
   */
  Done replace(
      String account,
      String service,
      String object,
      String part,
      JsonNode value,
      Object body,
      String version,
      Write write)
      throws GaveUp {
    String present = version;
    ledger.begin(write);
    long deadline = deadline();
    do {
      HttpResponse<String> answer =
          attempt(account, "PUT", service, object + "/" + part, body, null, present);
      write.by(api.subject(account));
      if (isDone(answer)) {
        return done(answer, null, write);
      }
      if (isFinal(answer) && answer.statusCode() != 412) {
        write.refused();
        throw new GaveUp(write);
      }
      HttpResponse<String> now = attempt(account, "GET", service, object, null, null, null);
      if (isDone(now)) {
        Done read = read(now);
        if (read.body().path(part).equals(value)) {
          write.done(null, null);
          return read;
        }
        present = read.version();
      }
      pause(answer);
    } while (goesOn(deadline));
    throw new GaveUp(write);
  }

  /**
   * Replaces an object that others change too, or a part of it, in the version that was read just
   * now: once, whatever comes of it.
   *
   * @param part below the object's path; empty for all of it
   */
  void contend(String account, String service, String object, String part, Object body, Write write)
      throws GaveUp {
    HttpResponse<String> now = attempt(account, "GET", service, object, null, null, null);
    if (!isDone(now)) {
      pause(now);
      return;
    }
    ledger.begin(write);
    HttpResponse<String> answer =
        attempt(account, "PUT", service, object + part, body, null, read(now).version());
    write.by(api.subject(account));
    if (isDone(answer)) {
      done(answer, null, write);
    } else if (isFinal(answer)) {
      write.refused();
    } else {
      pause(answer);
    }
  }

  private Done persist(
      String account,
      String method,
      String service,
      String path,
      String kind,
      Object body,
      String version,
      Write write)
      throws GaveUp {
    ledger.begin(write);
    String key = method.equals("POST") ? UUID.randomUUID().toString() : null;
    long deadline = deadline();
    boolean lost = false;
    do {
      HttpResponse<String> answer = attempt(account, method, service, path, body, key, version);
      write.by(api.subject(account));
      if (isDone(answer)) {
        if (key != null && random.nextDouble() < FORGETFUL) {
          compare(answer, attempt(account, method, service, path, body, key, version), write);
        }
        return done(answer, kind, write);
      }
      if (isFinal(answer)) {
        // Behind an answer that was lost a refusal says only that this attempt changed nothing.
        if (!lost) {
          write.refused();
        }
        throw new GaveUp(write);
      }
      lost = true;
      pause(answer);
    } while (goesOn(deadline));
    throw new GaveUp(write);
  }

  /** What is asked for again under its key gets the answer that it got, or none that counts. */
  private static void compare(HttpResponse<String> first, HttpResponse<String> again, Write write) {
    if (isDone(again)) {
      boolean isSame =
          again.statusCode() == first.statusCode()
              && again.body().equals(first.body())
              && receipt(again).equals(receipt(first));
      write.repeated(isSame ? null : again.statusCode() + " " + again.body());
    } else if (isFinal(again)) {
      write.repeated(again.statusCode() + " " + again.body());
    }
  }

  private static Optional<String> receipt(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Vigie-Receipt")
        .map(receipt -> receipt.substring(receipt.lastIndexOf('/') + 1));
  }

  private long deadline() {
    return System.nanoTime() + (random.nextDouble() < IMPATIENT ? 0 : PATIENCE.toNanos());
  }

  private boolean goesOn(long deadline) {
    return !stopped && System.nanoTime() < deadline;
  }

  /** One request; null when there was no answer. */
  private HttpResponse<String> attempt(
      String account,
      String method,
      String service,
      String path,
      Object body,
      String key,
      String version) {
    long start = System.nanoTime();
    HttpResponse<String> answer = null;
    try {
      answer =
          api.send(
              account,
              method,
              service,
              path,
              body,
              request -> {
                if (key != null) {
                  request.header("Idempotency-Key", key);
                }
                if (version != null) {
                  request.header("If-Match", version);
                }
              });
    } catch (IOException e) {
      // no answer is one of the answers there are
    }
    // Keycloak's own answers are its own affair.
    if (answer != null && answer.statusCode() == 500 && Platform.SERVICES.contains(service)) {
      timeline.failed(
          method + " " + path.replaceAll(UUIDS, "{id}") + " of " + service + "-service",
          answer.body());
    }
    timeline.answered(
        answer == null
            ? Timeline.Answer.NONE
            : isDone(answer)
                ? Timeline.Answer.DONE
                : isFinal(answer) ? Timeline.Answer.REFUSED : Timeline.Answer.LATER,
        Duration.ofNanos(System.nanoTime() - start));
    return answer;
  }

  private static boolean isDone(HttpResponse<String> answer) {
    return answer != null && answer.statusCode() / 100 == 2;
  }

  /**
   * 401 is not: the token is fetched again, or the service's clock is wrong for a while. Neither is
   * 409 for a first attempt that still runs, nor 422 for what another service has registered and
   * this one has not heard of yet.
   */
  private static boolean isFinal(HttpResponse<String> answer) {
    return answer != null
        && answer.statusCode() / 100 == 4
        && answer.statusCode() != 401
        && answer.statusCode() != 429
        && !answer.body().contains("request-in-flight")
        && !answer.body().contains("unknown-reference");
  }

  private static Done done(HttpResponse<String> answer, String kind, Write write) {
    Done done = read(answer);
    write.done(kind == null ? null : kind + "/" + done.id(), receipt(answer).orElse(null));
    return done;
  }

  private static Done read(HttpResponse<String> answer) {
    try {
      return new Done(
          Api.JSON.readTree(answer.body()), answer.headers().firstValue("ETag").orElse(null));
    } catch (IOException e) {
      throw new IllegalStateException("no JSON: " + answer.body(), e);
    }
  }

  /** What the answer asks for, up to 2 s, or a moment. */
  private void pause(HttpResponse<String> answer) {
    long seconds =
        answer == null
            ? 0
            : answer.headers().firstValue("Retry-After").map(Long::parseLong).orElse(0L);
    LockSupport.parkNanos(
        Duration.ofMillis(seconds > 0 ? Math.min(2_000, seconds * 1_000) : 200).toNanos());
  }
}
