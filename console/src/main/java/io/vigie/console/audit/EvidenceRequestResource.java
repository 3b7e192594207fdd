package io.vigie.console.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AuditRooms;
import io.vigie.console.service.AuditRooms.EvidenceRequest;
import io.vigie.console.service.AuditRooms.RequestState;
import io.vigie.console.service.Items;
import io.vigie.console.service.PeopleService;
import io.vigie.console.service.PeopleService.Person;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Evidence that an auditor asked for, answered, and what they say of the answer. */
@Path("/evidence-requests/{id}")
@RolesAllowed({Roles.STAFF, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class EvidenceRequestResource {

  /**
   * A form as it was sent.
   *
   * @param act what is to be done: {@code assignment}, {@code answer}, {@code review} or {@code
   *     withdrawal}
   * @param version of the request that the page showed
   * @param key made with the form: sent twice, it is done once
   * @param entries indexes, with blanks or lines between them
   * @param objects as {@code <kind>/<id>}, with blanks or lines between them
   * @param assignee a name, or the id of an account
   * @param accepted {@code true} or {@code false}, of a review
   */
  record Draft(
      @RestForm String act,
      @RestForm String version,
      @RestForm String key,
      @RestForm String answer,
      @RestForm String entries,
      @RestForm String objects,
      @RestForm String assignee,
      @RestForm String accepted,
      @RestForm String reason) {}

  /**
   * @param answers whether who looks may answer; as {@code assigns}, {@code reviews} and {@code
   *     withdraws} are
   * @param receipt of what was done just now; null where that is not known
   * @param sent what was to be done; null for a page that nothing was sent to, as is {@code
   *     refusal}
   */
  record Request(
      EvidenceRequest request,
      boolean answers,
      boolean assigns,
      boolean reviews,
      boolean withdraws,
      Draft draft,
      UUID receipt,
      String sent,
      Refusal refusal)
      implements TemplateInstance {}

  private static final class Refused extends RuntimeException {
    private final Refusal refusal;

    Refused(Refusal.Why why) {
      super(why.name(), null, false, false);
      this.refusal = Refusal.of(why);
    }
  }

  private final AuditRooms audits;
  private final PeopleService people;
  private final Viewer viewer;

  EvidenceRequestResource(
      @RestClient AuditRooms audits, @RestClient PeopleService people, Viewer viewer) {
    this.audits = audits;
    this.people = people;
    this.viewer = viewer;
  }

  /**
   * @param receipt of what was done just now; null for nothing
   */
  @GET
  public Uni<TemplateInstance> request(@RestPath UUID id, @RestQuery UUID receipt) {
    Draft draft = new Draft(null, null, UUID.randomUUID().toString(), "", "", "", "", null, "");
    return page(id, draft, receipt, null).map(page -> page);
  }

  private Uni<Request> page(UUID id, Draft draft, UUID receipt, Refusal refusal) {
    return audits.request(id).map(request -> page(request, draft, receipt, refusal));
  }

  private Request page(EvidenceRequest request, Draft draft, UUID receipt, Refusal refusal) {
    boolean isAsker = request.askedBy().equals(viewer.account());
    boolean isAsked = request.state() == RequestState.ASKED;
    boolean isAnswered = request.state() == RequestState.ANSWERED;
    boolean isAssignee = viewer.account().equals(request.assignee());
    return new Request(
        request,
        isAsked && !isAsker && (viewer.isCiso() || isAssignee),
        isAsked && viewer.isCiso(),
        isAnswered && isAsker,
        (isAsked || isAnswered) && isAsker,
        draft,
        receipt,
        draft.act(),
        refusal);
  }

  /** On the page's own path: who must sign in again in between comes back to it. */
  @POST
  public Uni<RestResponse<Object>> act(@RestPath UUID id, @BeanParam Draft draft) {
    return Uni.createFrom()
        .deferred(() -> body(draft))
        .chain(
            body -> audits.act(id, draft.act(), "\"" + draft.version() + "\"", draft.key(), body))
        .map(answer -> AuditResource.done("/evidence-requests/" + id, answer))
        .onFailure(failure -> refusal(failure) != null)
        .recoverWithUni(
            failure ->
                page(id, draft, null, refusal(failure))
                    .map(page -> AuditResource.html(page.refusal(), page)));
  }

  private static Refusal refusal(Throwable failure) {
    return failure instanceof Refused refused ? refused.refusal : Refusal.of(failure);
  }

  private Uni<Map<String, Object>> body(Draft draft) {
    return switch (draft.act() == null ? "" : draft.act()) {
      case "assignment" ->
          account(needed(draft.assignee())).map(account -> Map.of("assignee", account));
      case "answer" ->
          item(
              Map.of(
                  "answer",
                  needed(draft.answer()),
                  "entries",
                  entries(draft.entries()),
                  "objects",
                  words(draft.objects())));
      case "review" -> item(review(draft));
      case "withdrawal" -> item(Map.of("reason", needed(draft.reason())));
      default -> throw new BadRequestException();
    };
  }

  private static Uni<Map<String, Object>> item(Map<String, Object> body) {
    return Uni.createFrom().item(body);
  }

  private static Map<String, Object> review(Draft draft) {
    boolean accepted = "true".equals(draft.accepted());
    Map<String, Object> body = new HashMap<>(Map.of("accepted", accepted));
    if (!accepted) {
      body.put("reason", needed(draft.reason()));
    } else if (!AuditResource.isBlank(draft.reason())) {
      body.put("reason", AuditResource.typed(draft.reason()));
    }
    return body;
  }

  private static String needed(String text) {
    if (AuditResource.isBlank(text)) {
      throw new Refused(Refusal.Why.INCOMPLETE);
    }
    return AuditResource.typed(text);
  }

  private static List<Long> entries(String typed) {
    List<Long> entries = new ArrayList<>();
    for (String index : words(typed)) {
      if (!index.matches("[0-9]{1,18}")) {
        throw new Refused(Refusal.Why.BAD_ENTRIES);
      }
      entries.add(Long.parseLong(index));
    }
    return entries;
  }

  private static List<String> words(String typed) {
    return AuditResource.isBlank(typed) ? List.of() : List.of(typed.strip().split("[\\s,]+"));
  }

  private Uni<String> account(String nameOrId) {
    if (nameOrId.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      return Uni.createFrom().item(nameOrId);
    }
    return people
        .named(nameOrId)
        .map(Items::items)
        .map(
            found -> {
              List<Person> here = found.stream().filter(Person::isHere).toList();
              if (here.size() != 1) {
                throw new Refused(here.isEmpty() ? Refusal.Why.NOBODY : Refusal.Why.SEVERAL);
              }
              return here.get(0).subject();
            });
  }
}
