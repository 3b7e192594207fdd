package io.vigie.console.page;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.UriInfo;

import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** What somebody chose for this browser; a year later it is asked for again. */
@Path("/preferences")
@PermitAll
public class PreferenceResource {

  /**
   * Keeps the choice and goes back to the page where it was made.
   *
   * @param language a language tag; null for the one chosen before
   * @param theme {@code system} for none; null for the one chosen before
   * @param to a path here
   */
  @POST
  public RestResponse<Void> choose(
      @RestForm String language, @RestForm String theme, @RestForm String to, UriInfo uri) {
    ResponseBuilder<Void> answer = ResponseBuilder.seeOther(URI.create(here(to)));
    if (language != null && Viewer.LANGUAGES.contains(Locale.forLanguageTag(language))) {
      answer.cookie(cookie(Viewer.LANGUAGE, language, uri));
    }
    if (theme != null && Viewer.THEMES.contains(theme)) {
      answer.cookie(cookie(Viewer.THEME, theme, uri));
    } else if ("system".equals(theme)) {
      answer.cookie(new NewCookie.Builder(Viewer.THEME).path("/").maxAge(0).build());
    }
    return answer.build();
  }

  /** Nowhere else: the address of another site would have us send people there. */
  private static String here(String path) {
    return path != null && path.matches("/([A-Za-z0-9._~-]+/?)*") ? path : "/";
  }

  private static NewCookie cookie(String name, String value, UriInfo uri) {
    return new NewCookie.Builder(name)
        .value(value)
        .path("/")
        .maxAge((int) Duration.ofDays(365).toSeconds())
        .httpOnly(true)
        .secure(uri.getBaseUri().getScheme().equals("https"))
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}
