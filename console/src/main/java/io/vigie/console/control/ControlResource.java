package io.vigie.console.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.AuditService.Control;
import io.vigie.console.service.AuditService.Decided;
import io.vigie.console.service.AuditService.State;
import io.vigie.console.service.AuditService.Text;
import io.vigie.console.service.AuditService.Verdict;
import io.vigie.console.service.AuditService.WholeControl;
import io.vigie.console.service.Items;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/controls")
@RolesAllowed({Roles.CISO, Roles.AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class ControlResource {

  /** The rules of a section of the policy, in its order. */
  record Section(int number, List<Control> controls) {

    long red() {
      return controls.stream().filter(control -> control.state() == State.RED).count();
    }
  }

  /**
   * @param green how many rules stand so; as are {@code amber}, {@code red} and {@code
   *     notApplicable}
   * @param elsewhere how many no query decides
   */
  record Controls(
      List<Section> sections, long green, long amber, long red, long notApplicable, long elsewhere)
      implements TemplateInstance {}

  /**
   * An object that does not keep a rule.
   *
   * @param why in the viewer's language
   */
  record Failing(String kind, UUID id, String why, String owner, Instant since) {}

  /**
   * @param next what the next page of failing objects begins after; null where there is none
   */
  record Rule(WholeControl whole, List<Failing> failing, UUID next) implements TemplateInstance {}

  /** As many as audit-service answers unless it is asked for more. */
  private static final int PAGE = 50;

  private final AuditService audit;
  private final Viewer viewer;

  ControlResource(@RestClient AuditService audit, Viewer viewer) {
    this.audit = audit;
    this.viewer = viewer;
  }

  @GET
  public Uni<TemplateInstance> list() {
    return audit.controls().map(ControlResource::bySection);
  }

  private static Controls bySection(List<Control> controls) {
    Map<Integer, List<Control>> sections = new TreeMap<>();
    controls.forEach(
        control ->
            sections.computeIfAbsent(control.section(), any -> new ArrayList<>()).add(control));
    return new Controls(
        sections.entrySet().stream()
            .map(section -> new Section(section.getKey(), section.getValue()))
            .toList(),
        standing(controls, State.GREEN),
        standing(controls, State.AMBER),
        standing(controls, State.RED),
        standing(controls, State.NOT_APPLICABLE),
        controls.stream().filter(control -> control.decided() != Decided.QUERY).count());
  }

  private static long standing(List<Control> controls, State state) {
    return controls.stream().filter(control -> control.state() == state).count();
  }

  /**
   * A rule, and the objects on which it fails.
   *
   * @param after the last of them that was seen; null for the first
   */
  @GET
  @Path("{rule}")
  public Uni<TemplateInstance> rule(@RestPath String rule, @RestQuery UUID after) {
    return audit
        .control(rule)
        .chain(
            whole ->
                whole.query() == null
                    ? Uni.createFrom().item(page(whole, List.of()))
                    : audit
                        .objects(rule, false, after)
                        .map(Items::items)
                        .map(failing -> page(whole, failing)));
  }

  private Rule page(WholeControl whole, List<Verdict> failing) {
    return new Rule(
        whole,
        failing.stream()
            .map(
                verdict ->
                    new Failing(
                        verdict.kind(),
                        verdict.id(),
                        why(whole.whys(), verdict.why()),
                        verdict.owner(),
                        verdict.since()))
            .toList(),
        failing.size() < PAGE ? null : failing.get(failing.size() - 1).id());
  }

  /** As the rule explains it, or as it is named where it does not. */
  private String why(Map<String, Text> whys, String name) {
    Text text = whys.get(name);
    return text == null ? name : viewer.text(text);
  }
}
