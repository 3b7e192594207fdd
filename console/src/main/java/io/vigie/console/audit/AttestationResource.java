package io.vigie.console.audit;

import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.register.Names;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.AuditService.AttestationEnd;
import io.vigie.console.service.AuditService.Attested;
import io.vigie.console.service.AuditService.GivenAttestation;
import io.vigie.console.service.AuditService.NewAttestation;
import io.vigie.console.service.AuditService.WholeControl;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** What somebody says of a rule that no machine can decide, given and withdrawn. */
@Path("/controls/{rule}/attestation")
@RolesAllowed({Roles.CISO, Roles.AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class AttestationResource {

  /**
   * A form as it was sent.
   *
   * @param act what is to be done: {@code giving} or {@code withdrawal}
   * @param id of what is withdrawn, in the {@code version} that the page showed
   * @param key made with the form: sent twice, it is done once
   */
  record Draft(
      @RestForm String act,
      @RestForm UUID id,
      @RestForm String version,
      @RestForm String key,
      @RestForm String basis,
      @RestForm String statement,
      @RestForm String reason) {}

  /**
   * @param given the one that counts; null where none does
   * @param attests whether who looks has the role that the rule names
   * @param names of who gave it, by account, as far as they are told
   * @param receipt of what was done just now; null where that is not known
   * @param refusal null for a page that nothing was sent to
   */
  record Attestation(
      WholeControl whole,
      GivenAttestation given,
      boolean attests,
      Map<String, String> names,
      Draft draft,
      UUID receipt,
      Refusal refusal)
      implements TemplateInstance {}

  private final AuditService audit;
  private final Names names;
  private final SecurityIdentity identity;

  AttestationResource(@RestClient AuditService audit, Names names, SecurityIdentity identity) {
    this.audit = audit;
    this.names = names;
    this.identity = identity;
  }

  /**
   * @param receipt of what was done just now; null for nothing
   */
  @GET
  public Uni<TemplateInstance> attestation(@RestPath String rule, @RestQuery UUID receipt) {
    Draft draft = new Draft(null, null, null, UUID.randomUUID().toString(), "", "", "");
    return page(rule, draft, receipt, null).map(page -> page);
  }

  private Uni<Attestation> page(String rule, Draft draft, UUID receipt, Refusal refusal) {
    return audit
        .control(rule)
        .chain(
            whole -> {
              if (whole.attestation() == null) {
                throw new NotFoundException();
              }
              Attested attested = whole.control().attested();
              return Uni.combine()
                  .all()
                  .unis(
                      attested == null
                          ? Uni.createFrom().<GivenAttestation>nullItem()
                          : audit.attestation(rule, attested.id()),
                      names.ofPeople(Stream.ofNullable(attested).map(Attested::by)))
                  .with(
                      (given, called) ->
                          new Attestation(
                              whole,
                              given,
                              identity.hasRole(whole.attestation().by()),
                              called,
                              draft,
                              receipt,
                              refusal));
            });
  }

  /** On the page's own path: who must sign in again in between comes back to it. */
  @POST
  public Uni<RestResponse<Object>> act(@RestPath String rule, @BeanParam Draft draft) {
    if (!isWhole(draft)) {
      return again(rule, draft, Refusal.of(Refusal.Why.INCOMPLETE));
    }
    return Uni.createFrom()
        .deferred(() -> send(rule, draft))
        .map(answer -> AuditResource.done("/controls/" + rule + "/attestation", answer))
        .onFailure(failure -> Refusal.of(failure) != null)
        .recoverWithUni(failure -> again(rule, draft, Refusal.of(failure)));
  }

  private static boolean isWhole(Draft draft) {
    return "withdrawal".equals(draft.act())
        ? draft.id() != null && !AuditResource.isBlank(draft.reason())
        : !AuditResource.isBlank(draft.basis()) && !AuditResource.isBlank(draft.statement());
  }

  private Uni<RestResponse<GivenAttestation>> send(String rule, Draft draft) {
    return switch (draft.act() == null ? "" : draft.act()) {
      case "giving" ->
          audit.attest(
              rule,
              draft.key(),
              new NewAttestation(
                  AuditResource.typed(draft.basis()), AuditResource.typed(draft.statement())));
      case "withdrawal" ->
          audit.withdraw(
              rule,
              draft.id(),
              "\"" + draft.version() + "\"",
              draft.key(),
              new AttestationEnd(AuditResource.typed(draft.reason())));
      default -> throw new BadRequestException();
    };
  }

  private Uni<RestResponse<Object>> again(String rule, Draft draft, Refusal refusal) {
    return page(rule, draft, null, refusal).map(page -> AuditResource.html(refusal, page));
  }
}
