package io.vigie.asset.network;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vigie.asset.inventory.Kinds.Title;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** What may talk to what: {@code contracts/policy/network.json}. */
@ApplicationScoped
class NetworkRules {

  /** The purpose of private addresses that no zone declares (R9.2). */
  static final String UNKNOWN = "UNKNOWN";

  private static final String ANY = "*";

  /** Ports that a rule is restricted to. */
  private enum PortGroup {
    @JsonProperty("databases")
    DATABASES,
    @JsonProperty("remoteAccess")
    REMOTE_ACCESS
  }

  /**
   * @param ports null for all
   * @param together whether what is seen is one finding for each pair of zones, whichever assets it
   *     reached
   * @param exceptionDays for how long it may be allowed at most; null for never
   */
  record Forbidden(
      String from,
      String to,
      PortGroup ports,
      String rule,
      boolean together,
      Integer exceptionDays,
      String en,
      String fr) {

    private boolean fits(String source, String destination) {
      return (from.equals(ANY) || from.equals(source))
          && (to.equals(ANY) || to.equals(destination));
    }
  }

  private record Rules(
      Map<String, Title> purposes,
      List<Forbidden> forbidden,
      Set<Integer> databasePorts,
      Set<Integer> remoteAccessPorts,
      int quietDays) {}

  private final Rules rules = PolicyTable.read("network", Rules.class);

  /** Fails with 400 when no zone can be for that. */
  void requirePurpose(String purpose) {
    if (purpose != null && !rules.purposes().containsKey(purpose)) {
      throw Problem.invalid(
          List.of(new FieldError("purpose", "is not one of " + rules.purposes().keySet())));
    }
  }

  /** What a purpose is called; there is one. */
  String title(String purpose) {
    return rules.purposes().get(purpose).en();
  }

  /**
   * What forbids a flow between zones of these purposes to these ports.
   *
   * @param toDatabase whether what listens there is known to be a database
   */
  Optional<Forbidden> forbidden(String from, String to, Ports ports, boolean toDatabase) {
    return rules.forbidden().stream()
        .filter(each -> each.fits(from, to))
        .filter(each -> isAbout(each.ports(), ports, toDatabase))
        .findFirst();
  }

  private boolean isAbout(PortGroup group, Ports ports, boolean toDatabase) {
    if (group == null) {
      return true;
    }
    return switch (group) {
      case DATABASES -> toDatabase || rules.databasePorts().stream().anyMatch(ports::contains);
      case REMOTE_ACCESS -> rules.remoteAccessPorts().stream().anyMatch(ports::contains);
    };
  }

  Duration quiet() {
    return Duration.ofDays(rules.quietDays());
  }
}
