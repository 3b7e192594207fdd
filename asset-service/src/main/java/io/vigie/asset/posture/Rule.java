package io.vigie.asset.posture;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.posture.Standing.Finding;
import io.vigie.asset.posture.Standing.Judgement;
import io.vigie.kernel.Sha256;

/**
 * What the policy asks of the protection of some kinds of assets.
 *
 * @param policy the clause it is for, such as {@code R7.2}
 * @param production whether it asks only of what is in production
 * @param fact the fact it reads; null where it reads an attribute
 * @param attribute the attribute it reads, as the register has it now; null where it reads a fact
 * @param observedWithin how old an observation of the fact may be that still says something
 * @param missing what it means that nothing is known
 * @param grace how long a breach does not count
 */
record Rule(
    String policy,
    Kinds.Title title,
    List<String> kinds,
    boolean production,
    String fact,
    String attribute,
    Must must,
    Duration observedWithin,
    Missing missing,
    Duration grace) {

  /** What nothing known means. */
  enum Missing {
    BREAKS,
    UNKNOWN
  }

  /**
   * What the fact must be; one of these is not null.
   *
   * @param is one of these values
   * @param atMost no higher number
   * @param atMostDays no date longer ago, in whole days (UTC)
   * @param declared of these numbers each was declared
   */
  record Must(List<JsonNode> is, Long atMost, Integer atMostDays, Boolean declared) {}

  /** So many characters of what was found are kept. */
  private static final int LONGEST = 500;

  /** Whether it asks anything of such an asset. */
  boolean asksOf(String kind, boolean inProduction) {
    return kinds.contains(kind) && (inProduction || !production);
  }

  Judgement judge(
      Map<String, Known> facts,
      Set<Integer> declaredPorts,
      Map<String, Object> attributes,
      Instant now) {
    if (attribute != null) {
      Object declared = attributes.get(attribute);
      return declared == null ? nothingKnown() : declared(Stored.JSON.valueToTree(declared));
    }
    Known known = facts.get(fact);
    if (known == null || !known.observedAt().plus(observedWithin).isAfter(now)) {
      return nothingKnown();
    }
    JsonNode value = known.value();
    Instant until = known.observedAt().plus(observedWithin);
    if (must.is() != null) {
      return judgement(must.is().contains(value), text(value), until);
    }
    if (must.atMost() != null) {
      return judgement(value.longValue() <= must.atMost(), text(value), until);
    }
    if (must.atMostDays() != null) {
      Instant tooOld =
          LocalDate.parse(value.textValue())
              .plusDays(must.atMostDays() + 1)
              .atStartOfDay(ZoneOffset.UTC)
              .toInstant();
      return judgement(tooOld.isAfter(now), text(value), tooOld.isBefore(until) ? tooOld : until);
    }
    String undeclared =
        StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::intValue)
            .filter(port -> !declaredPorts.contains(port))
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return judgement(undeclared.isEmpty(), undeclared, until);
  }

  /**
   * Whether a breach is the one that somebody accepted, or less of it: the same value, some of the
   * same ports, a lower number, a later date.
   *
   * @param found what breaks the rule; null where nothing is known
   * @param accepted what broke it then; empty where nothing was known, null for whatever breaks it
   */
  boolean isNoWorse(String found, String accepted) {
    if (accepted == null || accepted.equals(found == null ? "" : found)) {
      return true;
    }
    if (found == null || accepted.isEmpty()) {
      return false;
    }
    if (must.atMostDays() != null) {
      return found.compareTo(accepted) >= 0; // ISO dates
    }
    if (must.atMost() != null) {
      return found.length() < accepted.length()
          || found.length() == accepted.length() && found.compareTo(accepted) <= 0;
    }
    return must.declared() != null
        && List.of(accepted.split(", ")).containsAll(List.of(found.split(", ")));
  }

  private Judgement nothingKnown() {
    return new Judgement(missing == Missing.BREAKS ? Finding.BROKEN : Finding.UNKNOWN, null, null);
  }

  /** What the register says holds until it says something else. */
  private Judgement declared(JsonNode value) {
    return judgement(must.is().contains(value), text(value), null);
  }

  private static Judgement judgement(boolean kept, String found, Instant until) {
    return kept
        ? new Judgement(Finding.KEPT, null, until)
        : new Judgement(Finding.BROKEN, shortened(found), null);
  }

  /** What is too long ends with a digest of all of it: no two that begin alike are equal. */
  private static String shortened(String found) {
    if (found.length() <= LONGEST) {
      return found;
    }
    String digest = "… (SHA-256 " + Sha256.hex(found).substring(0, 16) + ")";
    return found.substring(0, LONGEST - digest.length()) + digest;
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
