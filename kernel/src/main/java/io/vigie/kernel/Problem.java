package io.vigie.kernel;

import java.util.List;

/**
 * A refusal, told to the caller as {@code application/problem+json} (RFC 9457). Its type is {@code
 * urn:vigie:problem:<code>}; the codes are part of the API and do not change. Thrown (or failed
 * with) in a command, it rolls the command back.
 */
public final class Problem extends RuntimeException {

  /** One field that is wrong: a path such as {@code classification.proof}, and what it must be. */
  public record FieldError(String field, String message) {}

  private final int status;
  private final String code;
  private final String title;
  private final transient List<FieldError> errors;
  private final Integer retryAfter;

  private Problem(
      int status,
      String code,
      String title,
      String detail,
      List<FieldError> errors,
      Integer retryAfter) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.title = title;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  private static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, List.of(), null);
  }

  /** 400: the request cannot be understood. */
  public static Problem badRequest(String detail) {
    return of(400, "bad-request", "The request cannot be understood", detail);
  }

  /** 400, with the fields that are wrong. */
  public static Problem invalid(List<FieldError> errors) {
    return new Problem(
        400, "validation", "Some fields are not valid", "Correct the listed fields.", errors, null);
  }

  /** 401. */
  public static Problem unauthenticated() {
    return of(401, "unauthenticated", "Sign in first", "Send a valid bearer token.");
  }

  /** 403. */
  public static Problem forbidden(String detail) {
    return of(403, "forbidden", "This is not yours to do", detail);
  }

  /** 404. */
  public static Problem notFound(String detail) {
    return of(404, "not-found", "There is no such thing", detail);
  }

  /** 408: the body did not come in its time. Nothing was done. */
  public static Problem tooSlow() {
    return of(
        408,
        "too-slow",
        "The body took too long to arrive",
        "Nothing was done. Send it again, in one go.");
  }

  /** 409: the object's state does not allow it; {@code code} names the rule. */
  public static Problem conflict(String code, String detail) {
    return of(409, code, "The present state does not allow this", detail);
  }

  /** 412: the {@code If-Match} is older than the object. */
  public static Problem stale() {
    return of(
        412,
        "stale",
        "Somebody changed it meanwhile",
        "Read it again, look at what changed, and repeat with the new ETag in If-Match.");
  }

  /** 413. */
  public static Problem tooLarge(long limit) {
    return of(413, "too-large", "The body is too large", "At most " + limit + " bytes are taken.");
  }

  /** 422: understood, and refused by a rule that repeating will not change. */
  public static Problem unprocessable(String code, String detail) {
    return of(422, code, "A rule refuses this", detail);
  }

  /** The same, with what is wrong where. */
  public static Problem unprocessable(String code, String detail, List<FieldError> errors) {
    return new Problem(422, code, "A rule refuses this", detail, errors, null);
  }

  /** 428: a change of an existing object needs {@code If-Match}. */
  public static Problem preconditionRequired() {
    return of(
        428,
        "precondition-required",
        "Say which version you are changing",
        "Send the ETag of your last read as If-Match.");
  }

  /** 429: the caller has had their requests of this minute. Nothing of this one was done. */
  public static Problem tooMany(int secondsUntilMore) {
    return tooMany(
        "Nothing was done. Wait as long as Retry-After says, and then send fewer requests.",
        secondsUntilMore);
  }

  /** 429: the caller has their share of large bodies on its way. Nothing of this one was done. */
  public static Problem tooManyBytes() {
    return tooMany(
        "Nothing was done. Send large bodies one after the other, each with its Content-Length:"
            + " one without counts with all that its path may take.",
        1);
  }

  private static Problem tooMany(String detail, int secondsUntilMore) {
    return new Problem(
        429, "too-many", "More than one caller's share", detail, List.of(), secondsUntilMore);
  }

  /** 503: what it needs is away. Repeated under the same idempotency key it is done once. */
  public static Problem unavailable(String detail) {
    return new Problem(503, "unavailable", "Not available right now", detail, List.of(), 2);
  }

  /** 503: more is asked for at once than can be done. Nothing of the request was looked at. */
  public static Problem overloaded() {
    return new Problem(
        503,
        "overloaded",
        "Too much at once",
        "Nothing was done. Try again in a moment, and then less often.",
        List.of(),
        1);
  }

  /** Any other status, where a framework decided it. */
  public static Problem status(int status, String code, String title, String detail) {
    return of(status, code, title, detail);
  }

  public int status() {
    return status;
  }

  /** The last part of the type URN. */
  public String code() {
    return code;
  }

  public String title() {
    return title;
  }

  public List<FieldError> errors() {
    return errors;
  }

  /** Seconds after which to try again, or null. */
  public Integer retryAfter() {
    return retryAfter;
  }
}
