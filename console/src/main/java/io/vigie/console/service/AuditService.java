package io.vigie.console.service;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
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
   * @param excepted how many of those that fail are under an exception; null as the state is
   * @param current whether that is an answer to what happened until now
   * @param failure null where its query can be asked
   * @param attested null where nobody attests it, or not any more
   * @param evidence told by the statement of applicability alone; null elsewhere
   * @param turn the entry that made it turn to its state, told as {@code evidence}; null where time
   *     or another query did
   */
  record Control(
      String rule,
      int section,
      Text sectionTitle,
      Text title,
      Text asks,
      Decided decided,
      State state,
      Instant since,
      Long inScope,
      Long failing,
      Long excepted,
      boolean current,
      Failure failure,
      Attested attested,
      Evidence evidence,
      Proven turn) {}

  /**
   * How many entries of the log prove it.
   *
   * @param last null where there is none
   */
  record Evidence(long count, Proven last) {}

  /**
   * An entry of the log.
   *
   * @param leafHash in base64
   */
  record Proven(long index, String leafHash) {}

  /** That a rule's query cannot be asked. */
  record Failure(Instant since) {}

  /**
   * That somebody said that a rule is kept.
   *
   * @param id of the attestation
   * @param by who, by an id
   * @param until how long that counts
   */
  record Attested(UUID id, String by, Instant at, Instant until) {}

  /** The role that attests a rule, and for how long that counts, ISO 8601. */
  record Attestation(String by, String interval) {}

  /**
   * @param tests the test classes that prove it; null where another way decides
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
   * @param inCharge the role that is in charge where nobody owns it by its nature; null elsewhere
   * @param exception under which it fails; null where there is none
   * @param entry the log's entry that made it so; null where time or another query did
   */
  record Verdict(
      String kind,
      UUID id,
      String why,
      String owner,
      String inCharge,
      VerdictException exception,
      Instant since,
      Long entry) {}

  /**
   * @param decidedBy who approved it
   */
  record VerdictException(String reason, String decidedBy, Instant endsAt) {}

  /**
   * That a rule need not be kept for a time.
   *
   * @param object as {@code <kind>/<id>}; null for all in the rule's scope
   * @param decidedBy who approved it
   */
  record RuleException(
      UUID id,
      String object,
      String reason,
      String requestedBy,
      String decidedBy,
      Instant endsAt) {}

  /**
   * What somebody said of a rule that no machine can decide.
   *
   * @param basis what was looked at
   */
  record GivenAttestation(
      UUID id,
      String basis,
      String statement,
      String givenBy,
      Instant givenAt,
      Instant validUntil,
      long version) {}

  record NewAttestation(String basis, String statement) {}

  record AttestationEnd(String reason) {}

  /** What made a rule turn. */
  enum Cause {
    EVENT,
    TIME,
    QUERY
  }

  /**
   * That a rule turned.
   *
   * @param entry the log's entry that made it turn; null for another cause
   */
  record Turn(
      long number,
      State state,
      Instant at,
      Cause cause,
      Long entry,
      long inScope,
      long failing,
      long excepted) {}

  /**
   * That an object turned as to a rule.
   *
   * @param holds null where it left the scope; as is {@code why}
   * @param owner who answered for it then, by an id; null where nobody did, or nobody kept it
   * @param exception under which it fails from then on; null where there is none
   * @param entry the log's entry that made it turn; null for another cause
   */
  record VerdictTurn(
      long number,
      String kind,
      Boolean holds,
      String why,
      String owner,
      UUID exception,
      Instant at,
      Cause cause,
      Long entry) {}

  /**
   * A control of ISO/IEC 27001:2022 Annex A.
   *
   * @param title null where rules serve it
   * @param justification why it applies or not; null where rules serve it
   */
  record AnnexControl(
      String id, Text title, boolean applicable, Text justification, List<Control> rules) {}

  /**
   * @param signed the checkpoint that proves the entries; null where the log has signed none yet
   */
  record Statement(Instant at, Signed signed, List<AnnexControl> controls) {}

  /**
   * @param size how many entries are signed
   * @param root of their tree, in hexadecimal
   */
  record Signed(long size, String root) {}

  /**
   * How far somebody reads.
   *
   * @param whole whether the log and the rules are open to them for all of the house, and not for
   *     what audits cover
   */
  record Reach(boolean whole) {}

  /** As whom they are read; the realm's roles alone do not tell. */
  @GET
  @Path("/v1/reach")
  Uni<Reach> reach();

  /** Every rule, in the order of the policy. */
  @GET
  @Path("/v1/controls")
  Uni<List<Control>> controls();

  @GET
  @Path("/v1/controls/{rule}")
  Uni<WholeControl> control(@PathParam("rule") String rule);

  /**
   * Objects in scope of a rule that a query decides, of those that the caller may see; there is a
   * {@code Link} where there is more.
   *
   * @param after the last that was seen; null for the first page
   */
  @GET
  @Path("/v1/controls/{rule}/objects")
  Uni<RestResponse<Items<Verdict>>> objects(
      @PathParam("rule") String rule,
      @QueryParam("holds") boolean holds,
      @QueryParam("after") UUID after);

  /** When a rule turned, in that order; there is a {@code Link} where there is more. */
  @GET
  @Path("/v1/controls/{rule}/history")
  Uni<RestResponse<Items<Turn>>> history(
      @PathParam("rule") String rule, @QueryParam("after") Long after);

  /** When an object turned as to a rule, as above. */
  @GET
  @Path("/v1/controls/{rule}/objects/{id}/history")
  Uni<RestResponse<Items<VerdictTurn>>> objectHistory(
      @PathParam("rule") String rule, @PathParam("id") UUID id, @QueryParam("after") Long after);

  /**
   * Up to 50 exceptions to a rule, in the order in which they were asked for; there is a {@code
   * Link} where there is more.
   *
   * @param after the last that was seen; null for the first page
   */
  @GET
  @Path("/v1/control-exceptions")
  Uni<RestResponse<Items<RuleException>>> exceptions(
      @QueryParam("rule") String rule,
      @QueryParam("inForce") boolean inForce,
      @QueryParam("after") UUID after);

  @GET
  @Path("/v1/controls/{rule}/attestations/{id}")
  Uni<GivenAttestation> attestation(@PathParam("rule") String rule, @PathParam("id") UUID id);

  /** Under the same key it is given once, however often it is sent. */
  @POST
  @Path("/v1/controls/{rule}/attestations")
  Uni<RestResponse<GivenAttestation>> attest(
      @PathParam("rule") String rule,
      @HeaderParam("Idempotency-Key") String key,
      NewAttestation attestation);

  /**
   * Under the same key it is done once.
   *
   * @param version the ETag of what was read
   */
  @POST
  @Path("/v1/controls/{rule}/attestations/{id}/withdrawal")
  Uni<RestResponse<GivenAttestation>> withdraw(
      @PathParam("rule") String rule,
      @PathParam("id") UUID id,
      @HeaderParam("If-Match") String version,
      @HeaderParam("Idempotency-Key") String key,
      AttestationEnd end);

  /** All of Annex A, with the rules that serve each control. */
  @GET
  @Path("/v1/controls/statement-of-applicability")
  Uni<Statement> statement();

  /** The same for a spreadsheet. */
  @GET
  @Path("/v1/controls/statement-of-applicability/csv")
  @Produces("text/csv")
  Uni<String> statementAsTable();

  /** The proof that an event is in the log; 202 while it is on its way there. */
  @GET
  @Path("/v1/receipts/{event}")
  @Produces(MediaType.TEXT_PLAIN)
  Uni<RestResponse<String>> receipt(@PathParam("event") UUID event);
}
