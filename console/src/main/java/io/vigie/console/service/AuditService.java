package io.vigie.console.service;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

@RegisterRestClient(configKey = "audit")
@RegisterProvider(InTheirName.class)
public interface AuditService extends TaskService {

  /** What the catalogue says in both languages. */
  record Text(String en, String fr) {

    public String in(Locale language) {
      return language.getLanguage().equals("fr") ? fr : en;
    }
  }

  /** Who or what decides about a rule. */
  enum Decided {
    QUERY,
    BUILD,
    ATTESTATION
  }

  enum State {
    GREEN,
    AMBER,
    RED,
    NOT_APPLICABLE
  }

  /**
   * A rule and where it stands.
   *
   * @param state null where no query decides, and until it is judged for the first time; as are
   *     {@code since}, {@code inScope} and {@code failing}
   * @param current whether that is an answer to what happened until now
   */
  record Control(
      String rule,
      int section,
      Text title,
      Text asks,
      Decided decided,
      State state,
      Instant since,
      Long inScope,
      Long failing,
      boolean current) {}

  /** Who attests a rule, and for how long that counts, ISO 8601. */
  record Attestation(String by, String interval) {}

  /**
   * @param attestation null where another way decides
   * @param query null where another way decides; as are {@code whys} and {@code notApplicable}
   */
  record WholeControl(
      Control control,
      List<String> provenBy,
      List<String> tests,
      Attestation attestation,
      String query,
      Map<String, Text> whys,
      Text notApplicable) {}

  /**
   * An object in scope of a rule.
   *
   * @param owner who answers for it, by an id; null where nobody does
   */
  record Verdict(String kind, UUID id, String why, String owner, Instant since) {}

  /** Every rule, in the order of the policy. */
  @GET
  @Path("/v1/controls")
  Uni<List<Control>> controls();

  @GET
  @Path("/v1/controls/{rule}")
  Uni<WholeControl> control(@PathParam("rule") String rule);

  /**
   * Objects in scope of a rule that a query decides.
   *
   * @param after the last that was seen; null for the first page
   */
  @GET
  @Path("/v1/controls/{rule}/objects")
  Uni<Items<Verdict>> objects(
      @PathParam("rule") String rule,
      @QueryParam("holds") boolean holds,
      @QueryParam("after") UUID after);

  /** The proof that an event is in the log; 202 while it is on its way there. */
  @GET
  @Path("/v1/receipts/{event}")
  @Produces(MediaType.TEXT_PLAIN)
  Uni<RestResponse<String>> receipt(@PathParam("event") UUID event);
}
