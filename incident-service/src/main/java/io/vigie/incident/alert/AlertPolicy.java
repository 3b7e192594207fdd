package io.vigie.incident.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.vigie.incident.notice.Channel;
import io.vigie.kernel.PolicyTable;

/**
 * What {@code contracts/policy/alerting.json} sets; its explanation says what each part means.
 *
 * @param severities what sources call a severity, in lower case
 * @param wazuh from which level on a rule of Wazuh has a severity; what is below all is INFO
 * @param sameWithin how soon after its resolution an alert that fires again is the same one
 * @param flapsToTell how often it fires again until it counts as flapping
 * @param groupBy what alerts of one group have in common
 * @param channels which severities are told by which channel beside mail, where there is such a one
 */
record AlertPolicy(
    Map<String, Severity> severities,
    Severity otherwise,
    Map<Severity, Integer> wazuh,
    Duration sameWithin,
    int flapsToTell,
    List<GroupTerm> groupBy,
    Mail mail,
    Map<Channel, Set<Severity>> channels,
    Escalation escalation,
    Silences silences) {

  /** What alerts of one group may have in common: what their events name, too. */
  enum GroupTerm {
    SOURCE {
      @Override
      Object of(Signal signal) {
        return signal.source();
      }
    },
    RULE {
      @Override
      Object of(Signal signal) {
        return signal.rule();
      }
    },
    SEVERITY {
      @Override
      Object of(Signal signal) {
        return signal.severity();
      }
    },
    ASSET {
      @Override
      Object of(Signal signal) {
        return signal.asset() == null ? "none" : signal.asset();
      }
    };

    abstract Object of(Signal signal);
  }

  /**
   * Who is told, one after the other, of what nobody acknowledges.
   *
   * @param after how long each step waits; a severity that is not there has none
   */
  record Escalation(Map<Severity, Duration> after, List<Step> chain) {}

  /**
   * One of the two.
   *
   * @param onCall 1 for whoever is on call, 2 for whoever is next, and so on
   * @param role whose mailbox
   */
  record Step(Integer onCall, String role) {}

  /**
   * @param role whose mailbox is told
   * @param every how often while it fires
   * @param acknowledged how often while somebody looks after it
   * @param atOnce how many mails of one kind go out at once; of more alerts one mail tells
   */
  record Mail(
      String role,
      int atOnce,
      Map<Severity, Duration> every,
      Map<Severity, Duration> acknowledged,
      Quiet quiet) {}

  /** Hours of each day in which mail of these severities waits; {@code to} may be the next day. */
  record Quiet(Set<Severity> severities, LocalTime from, LocalTime to, ZoneId zone) {

    /** The time itself, or the end of the quiet hours that it lies in. */
    Instant after(Severity severity, Instant time) {
      ZonedDateTime local = time.atZone(zone);
      LocalTime hour = local.toLocalTime();
      boolean overnight = !from.isBefore(to);
      boolean begun = !hour.isBefore(from);
      boolean ended = !hour.isBefore(to);
      boolean isQuiet = overnight ? begun || !ended : begun && !ended;
      if (!isQuiet || !severities.contains(severity)) {
        return time;
      }
      LocalDate day = local.toLocalDate();
      return (overnight && begun ? day.plusDays(1) : day).atTime(to).atZone(zone).toInstant();
    }
  }

  /**
   * @param longest how far ahead of now one may end
   * @param atOnce how many may hold at the same time
   */
  record Silences(Duration longest, int atOnce) {}

  static AlertPolicy read() {
    return PolicyTable.read("alerting", AlertPolicy.class);
  }

  /** What a source calls its severity, in whatever case; null gives the one of what has none. */
  Severity severity(String name) {
    return name == null
        ? otherwise
        : severities.getOrDefault(name.toLowerCase(Locale.ROOT), otherwise);
  }

  Severity ofWazuh(int level) {
    return List.of(Severity.CRITICAL, Severity.WARNING).stream()
        .filter(severity -> level >= wazuh.get(severity))
        .findFirst()
        .orElse(Severity.INFO);
  }

  /** When the first mail goes out of what begins to fire now. */
  Instant firstMail(Severity severity, Instant now) {
    return mail.quiet().after(severity, now);
  }

  /** The key of the alert's group: its terms, with a blank between. */
  String group(Signal signal) {
    return groupBy.stream()
        .map(term -> term.of(signal).toString())
        .collect(Collectors.joining(" "));
  }

  /** When the first step of the chain is, of what begins to fire now; null where there is none. */
  Instant firstEscalation(Severity severity, Instant now) {
    return nextEscalation(severity, firstMail(severity, now));
  }

  /** When the next step is, after one now; null for a severity that has none. */
  Instant nextEscalation(Severity severity, Instant now) {
    Duration after = escalation.after().get(severity);
    return after == null ? null : mail.quiet().after(severity, now.plus(after));
  }

  /** By which channels beside mail a severity is told. */
  Set<Channel> channels(Severity severity) {
    return channels.entrySet().stream()
        .filter(channel -> channel.getValue().contains(severity))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** When the next mail goes out, after one that goes out now or an acknowledgement. */
  Instant nextMail(Severity severity, boolean isAcknowledged, Instant now) {
    Map<Severity, Duration> pace = isAcknowledged ? mail.acknowledged() : mail.every();
    return mail.quiet().after(severity, now.plus(pace.get(severity)));
  }
}
