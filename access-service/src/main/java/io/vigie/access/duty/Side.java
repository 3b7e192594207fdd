package io.vigie.access.duty;

import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vigie.access.entitlement.EntitlementType;
import io.vigie.access.entitlement.Sensitivity;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One of the sets that a rule keeps apart: entitlements that it names, and those that it selects,
 * whichever they are at a time. It does at least one of both.
 *
 * @param name what these allow, such as "approves payments"
 * @param entitlements by id
 * @param selector null where nothing is selected
 */
@Schema(name = "DutySide")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Side(
    @NotBlank @Size(max = 100) String name,
    @NotNull @Size(max = 200) Set<@NotNull UUID> entitlements,
    @Valid Selector selector) {

  public Side {
    // Left to validation where it is not valid.
    if (entitlements != null && !entitlements.contains(null)) {
      entitlements = new TreeSet<>(entitlements);
    }
  }

  /**
   * Entitlements for which all of this is so that is not null, of which there is something.
   *
   * @param profile a business profile gives it
   */
  @Schema(name = "DutySelector")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Selector(EntitlementType type, Sensitivity sensitivity, UUID profile) {

    private boolean selectsAll() {
      return type == null && sensitivity == null && profile == null;
    }

    /** Whether whatever {@code other} selects is selected. */
    private boolean covers(Selector other) {
      return (type == null || type == other.type)
          && (sensitivity == null || sensitivity == other.sensitivity)
          && (profile == null || profile.equals(other.profile));
    }
  }

  /** Whether whatever is on {@code other} is on this side, whichever entitlements there are. */
  boolean covers(Side other) {
    return entitlements.containsAll(other.entitlements)
        && (other.selector == null || selector != null && selector.covers(other.selector));
  }

  /** What is wrong with it; null where nothing is. */
  String fault() {
    if (selector == null) {
      return entitlements.isEmpty() ? "must name an entitlement or select some" : null;
    }
    return selector.selectsAll() ? "must select by type, sensitivity or profile" : null;
  }
}
