package io.vigie.console.register;

import java.util.ArrayList;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.RegisterResource.Asked;
import io.vigie.console.register.RegisterResource.Part;
import org.jboss.logging.Logger;

/** What is one's own: rights and requests, assets, and reviews to answer. */
@Path("/my")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class MineResource {

  /**
   * @param person null where nobody has the caller's account
   * @param isAway whether access-service does not say who the caller is
   */
  record Mine(String person, boolean isAway, List<Part> parts) implements TemplateInstance {}

  /**
   * A list of one's own: its name in words, and as data of a register has it.
   *
   * @param unless roles whose list is everybody's
   */
  private record Own(
      String name, String register, String query, List<String> columns, List<String> unless) {

    Own(String name, String register, String query, List<String> columns) {
      this(name, register, query, columns, List.of());
    }
  }

  private static final List<Own> OF_A_PERSON =
      List.of(
          new Own(
              "my-rights",
              "rights",
              "person=%s",
              List.of("entitlement", "asset", "state", "validUntil")),
          new Own("owned-assets", "assets", "owner=%s", List.of("name", "kind", "state")),
          new Own("kept-assets", "assets", "custodian=%s", List.of("name", "kind", "state")));

  private static final List<Own> OF_AN_ACCOUNT =
      List.of(
          new Own(
              "to-approve",
              "rights",
              "awaiting=me",
              List.of("entitlement", "person", "asset", "state")),
          new Own("reviews", "campaigns", "state=OPEN", List.of("name", "dueAt")),
          new Own(
              "my-reports",
              "reports",
              "",
              List.of("title", "state", "reportedAt"),
              List.of("responder", "ciso", "auditor")));

  private static final Logger LOG = Logger.getLogger(MineResource.class);

  private final Registers registers;
  private final Services services;
  private final Reading reading;
  private final Me me;
  private final Viewer viewer;

  MineResource(Registers registers, Services services, Reading reading, Me me, Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.reading = reading;
    this.me = me;
    this.viewer = viewer;
  }

  @GET
  public Uni<TemplateInstance> mine() {
    return me.person()
        .ifNoItem()
        .after(RegisterResource.PATIENCE)
        .fail()
        .onFailure()
        .invoke(failure -> LOG.warnf("access-service does not say who asks: %s", failure))
        .onItemOrFailure()
        .transformToUni((person, failure) -> mine(person, failure != null));
  }

  private Uni<TemplateInstance> mine(String person, boolean isAway) {
    List<Uni<Part>> asked = new ArrayList<>();
    if (person != null) {
      OF_A_PERSON.forEach(own -> asked.add(part(own, own.query().formatted(person))));
    }
    OF_AN_ACCOUNT.stream()
        .filter(own -> !me.hasOneOf(own.unless()))
        .forEach(own -> asked.add(part(own, own.query())));
    return Uni.join().all(asked).andFailFast().map(parts -> new Mine(person, isAway, parts));
  }

  private Uni<Part> part(Own own, String query) {
    Register register = registers.named(own.register());
    String asked = query.isEmpty() ? "" : "?" + query;
    return services
        .get(register.service(), register.path() + asked)
        .chain(
            answer ->
                answer.isOk()
                    ? reading
                        .of(answer.items(), own.columns())
                        .map(
                            values ->
                                part(
                                    own,
                                    rows(values, own, register, answer.items()),
                                    Asked.ANSWERED,
                                    "/" + register.name() + asked,
                                    answer.next() != null))
                    : Uni.createFrom().item(part(own, List.of(), Asked.REFUSED, null, false)))
        .ifNoItem()
        .after(RegisterResource.PATIENCE)
        .fail()
        .onFailure()
        .invoke(failure -> LOG.warnf("%s does not list: %s", register.service(), failure))
        .onFailure()
        .recoverWithItem(() -> part(own, List.of(), Asked.AWAY, null, false));
  }

  /** An open campaign leads to what it asks; all else to its page. */
  private static List<Values.Row> rows(
      Values values, Own own, Register register, List<JsonNode> items) {
    return values.rows(
        items,
        own.columns().subList(0, 1),
        own.columns().subList(1, own.columns().size()),
        own.name().equals("reviews") ? "/campaigns/{id}/review" : register.address());
  }

  private Part part(Own own, List<Values.Row> rows, Asked asked, String more, boolean isMore) {
    return new Part(
        "part-" + own.name(),
        DataWords.of("section." + own.name(), viewer.language()),
        own.columns().stream().map(column -> DataWords.ofField(column, viewer.language())).toList(),
        rows,
        List.of(),
        asked,
        more,
        isMore);
  }
}
