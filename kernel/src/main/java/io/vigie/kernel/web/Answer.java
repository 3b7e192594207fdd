package io.vigie.kernel.web;

import java.net.URI;
import java.util.List;

import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Successful answers, in the one shape that they have in every service. */
public final class Answer {

  /**
   * Header of every answer to a change: where the log proves it, as soon as the log holds it. Until
   * then that address answers 202 with {@code Retry-After}.
   */
  static final String RECEIPT = "Vigie-Receipt";

  private Answer() {}

  /** 200 with the object and its ETag. */
  public static <T> RestResponse<T> ok(T view, long version) {
    return ResponseBuilder.ok(view).header("ETag", ETag.of(version)).build();
  }

  /** 201 with the object, its ETag and where it stands, for example {@code /v1/assets/<id>}. */
  public static <T> RestResponse<T> created(String location, T view, long version) {
    return ResponseBuilder.<T>created(URI.create(location))
        .entity(view)
        .header("ETag", ETag.of(version))
        .build();
  }

  /** A page's body. Where there is more, the answer has {@code Link: <…>; rel="next"}. */
  public record Page<T>(List<T> items) {}
}
