package io.vigie.incident.clock;

import java.util.List;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.vigie.kernel.web.Answer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/** Which duties to tell somebody of incidents there are. */
@Path("/v1/notification-regimes")
public class RegimeResource {

  /**
   * @param title by language, {@code en} and {@code fr}
   * @param from {@code AWARENESS}, or the step from whose notification on it counts
   * @param within a duration or a period as in ISO 8601; null where each client has hours of its
   *     own
   */
  @Schema(name = "NotificationStep")
  record StepView(String id, Map<String, String> title, String from, String within) {}

  /**
   * @param source the act and the article
   * @param zone in which days and months are counted
   */
  @Schema(name = "NotificationRegime")
  record View(
      String id,
      Map<String, String> title,
      String source,
      String zone,
      boolean forEachClient,
      List<StepView> steps) {

    static View of(Regime regime) {
      return new View(
          regime.id(),
          regime.title(),
          regime.source(),
          regime.zone().getId(),
          regime.forEachClient(),
          regime.steps().stream()
              .map(step -> new StepView(step.id(), step.title(), step.from(), step.within()))
              .toList());
    }
  }

  private final Regimes regimes;

  RegimeResource(Regimes regimes) {
    this.regimes = regimes;
  }

  /** All of them. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  public Answer.Page<View> list() {
    return new Answer.Page<>(regimes.all().stream().map(View::of).toList());
  }
}
