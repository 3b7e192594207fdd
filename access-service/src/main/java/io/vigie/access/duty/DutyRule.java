package io.vigie.access.duty;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

/** Sets of entitlements of which nobody may have one each at once (R4.6). */
@Entity
@Table(name = "duty_rule")
public class DutyRule extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String name;
  private String explanation;

  @Convert(converter = SidesText.class)
  private List<Side> sides;

  /** For statements, which count. */
  @Column(name = "side_count")
  private int sideCount;

  @Enumerated(EnumType.STRING)
  private DutyScope scope;

  @Enumerated(EnumType.STRING)
  private DutyMode mode;

  @Enumerated(EnumType.STRING)
  private DutyRuleState state;

  @Embedded
  @EmbeddedColumnNaming("retired_%s")
  private Act retired;

  protected DutyRule() {}

  DutyRule(DutyRuleContent content) {
    this.id = Ids.next();
    this.state = DutyRuleState.ACTIVE;
    describe(content);
  }

  private void describe(DutyRuleContent content) {
    name = content.name().strip();
    explanation = content.explanation();
    sides = content.sides();
    sideCount = sides.size();
    scope = content.scope();
    mode = content.mode();
  }

  /** The rule, or 404. */
  static Uni<DutyRule> require(UUID id) {
    return DutyRule.<DutyRule>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No rule has this id."));
  }

  /** The rule in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<DutyRule> require(UUID id, String ifMatch) {
    return require(id).invoke(rule -> ETag.require(ifMatch, rule.version));
  }

  /** The rule, which is not retired before the current transaction ends; 422 otherwise. */
  static Uni<DutyRule> hold(UUID id) {
    return DutyRule.<DutyRule>findById(id, LockModeType.PESSIMISTIC_READ)
        .map(rule -> rule == null || rule.state == DutyRuleState.RETIRED ? null : rule)
        .onItem()
        .ifNull()
        .failWith(
            () ->
                Problem.unprocessable(
                    "unknown-duty-rule", "No rule has this id, or it is retired."));
  }

  DutyRuleEvent created(Instant at) {
    return new DutyRuleEvent.Created(id, name, scope.name(), mode.name(), at);
  }

  /** No event when nothing differs. */
  List<DutyRuleEvent> change(DutyRuleContent to, String reason, Instant at) {
    requireActive();
    State before = state();
    describe(to);
    List<String> fields = new ArrayList<>();
    if (!explanation.equals(before.explanation())) {
      fields.add("explanation");
    }
    if (mode != before.mode()) {
      fields.add("mode");
    }
    if (!name.equals(before.name())) {
      fields.add("name");
    }
    if (scope != before.scope()) {
      fields.add("scope");
    }
    if (!sides.equals(before.sides())) {
      fields.add("sides");
    }
    return fields.isEmpty()
        ? List.of()
        : List.of(new DutyRuleEvent.Changed(id, List.copyOf(fields), reason, at));
  }

  /** Whether requests are refused for it. */
  boolean isEnforced() {
    return state == DutyRuleState.ACTIVE && mode == DutyMode.ENFORCE;
  }

  /** Whether it is enforced, and would no more refuse all that it refuses. */
  boolean isLoosenedBy(DutyRuleContent to) {
    return isEnforced()
        && (to.mode() != DutyMode.ENFORCE
            || scope == DutyScope.ANYWHERE && to.scope() != DutyScope.ANYWHERE
            || !isEachOfAnother(to.sides()));
  }

  /** Whether each of these covers a side of the rule, and each another: no more sides than now. */
  private boolean isEachOfAnother(List<Side> to) {
    List<Side> left = new ArrayList<>(sides);
    for (Side side : to) {
      Side covered = left.stream().filter(side::covers).findFirst().orElse(null);
      if (covered == null) {
        return false;
      }
      left.remove(covered);
    }
    return true;
  }

  DutyRuleEvent retire(Act retirement) {
    requireActive();
    state = DutyRuleState.RETIRED;
    retired = retirement;
    return new DutyRuleEvent.Retired(id, name, retirement.reason(), retirement.at());
  }

  private void requireActive() {
    if (state == DutyRuleState.RETIRED) {
      throw Problem.conflict(
          "duty-rule-retired", "This rule is retired and changes no more. Create another.");
    }
  }

  @Override
  public String kind() {
    return "duty-rule";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(name, explanation, sides, scope, mode, state);
  }

  Act retirement() {
    return retired;
  }

  long version() {
    return version;
  }

  /** What others may know of it. */
  public record State(
      String name,
      String explanation,
      List<Side> sides,
      DutyScope scope,
      DutyMode mode,
      DutyRuleState state) {}
}
