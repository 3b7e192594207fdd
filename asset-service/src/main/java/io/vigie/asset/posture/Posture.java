package io.vigie.asset.posture;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vigie.asset.posture.PostureEvent.Reason;
import io.vigie.asset.posture.Standing.Judgement;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;

/**
 * How well one asset is protected: what is known of it, and how it stands with each rule. Only an
 * asset in service is judged.
 */
@Entity
public class Posture extends PanacheEntityBase implements Aggregate {

  /** The asset's. */
  @Id private UUID id;

  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "asset_kind")
  private String assetKind;

  @Column(name = "in_service")
  private boolean inService;

  @Convert(converter = Stored.FactsText.class)
  private Map<String, Known> facts = Map.of();

  @Column(name = "declared_ports")
  private Integer[] declaredPorts = {};

  @Convert(converter = Stored.StandingsText.class)
  private Map<String, Standing> standings = Map.of();

  /** The rules that were told last of which nothing is known; null where none were told yet. */
  @Column(name = "not_known")
  private String[] unknown;

  /** When the operating system was last patched, as it was told last; null where it never was. */
  @Column(name = "patched_on")
  private LocalDate patchedOn;

  /** Which version of the rules the standings are by. */
  @Column(name = "judged_by")
  private String judgedBy = "";

  /** When its first breach counts; null when it has none. */
  @Column(name = "counts_from")
  private Instant countsFrom;

  /** When time alone changes a standing; null when it changes none. */
  @Column(name = "due_at")
  private Instant dueAt;

  protected Posture() {}

  /** That of an asset of which nothing is known yet. */
  Posture(UUID asset, String assetKind) {
    this.id = asset;
    this.assetKind = assetKind;
  }

  /**
   * Keeps each fact that is no older than the known one.
   *
   * @return whether anything is known now that was not
   */
  boolean observe(Facts told, Instant at) {
    Map<String, Known> now = new TreeMap<>(facts);
    told.byName()
        .forEach(
            (name, value) ->
                now.merge(
                    name,
                    new Known(value, at),
                    (known, fresh) -> at.isBefore(known.observedAt()) ? known : fresh));
    boolean learned = !now.equals(facts);
    facts = now;
    return learned;
  }

  /** No event when nothing differs. */
  List<PostureEvent> declarePorts(Collection<Integer> ports, Instant at) {
    Set<Integer> now = new TreeSet<>(ports);
    if (now.equals(declared())) {
      return List.of();
    }
    declaredPorts = now.toArray(Integer[]::new);
    return List.of(new PostureEvent.PortsDeclared(id, List.copyOf(now), at));
  }

  /**
   * Holds what is known against the rules.
   *
   * @param asset as the register has it now; its kind may have been corrected
   * @param exemptions the approved ones, by rule
   * @return what broke, by which fact, what is well again, what is not known and when it was
   *     patched, since the last time
   */
  List<PostureEvent> judge(
      PostureRules rules, Subject asset, Map<String, Exemption.Scope> exemptions, Instant now) {
    boolean serves = asset.inService();
    Map<String, Standing> after = new TreeMap<>();
    List<PostureEvent> events = new ArrayList<>();
    List<Instant> due = new ArrayList<>();
    (serves ? rules.of(asset) : Map.<String, Rule>of())
        .forEach(
            (name, rule) -> {
              Standing before = standings.get(name);
              Judgement judgement = rule.judge(facts, declared(), asset.attributes(), now);
              Standing judged = Standing.after(before, judgement, rule.grace(), now);
              Exemption.Scope exempt = exemptions.get(name);
              Standing standing =
                  judged.exempt(
                      exempt != null && rule.isNoWorse(judged.found(), exempt.found())
                          ? exempt.until()
                          : null);
              after.put(name, standing);
              due.add(judgement.until());
              boolean wasBroken = before != null && before.isBroken();
              if (standing.isBroken()
                  && (!wasBroken || !Objects.equals(before.found(), standing.found()))) {
                events.add(
                    new PostureEvent.Breached(
                        id, name, rule.policy(), standing.found(), standing.graceUntil(), now));
              } else if (wasBroken && !standing.isBroken()) {
                events.add(restored(name, rule.policy(), Reason.COMPLIES, before, now));
              }
            });
    standings.forEach(
        (name, before) -> {
          if (before.isBroken() && !after.containsKey(name)) {
            Rule rule = rules.all().get(name);
            events.add(
                restored(
                    name,
                    rule == null ? null : rule.policy(),
                    serves ? Reason.RULE_ENDED : Reason.OUT_OF_SERVICE,
                    before,
                    now));
          }
        });
    String[] notKnown =
        after.keySet().stream().filter(name -> after.get(name).isUnknown()).toArray(String[]::new);
    LocalDate patched = patched();
    if (!after.isEmpty()
        && !(Arrays.equals(notKnown, unknown) && Objects.equals(patched, patchedOn))) {
      unknown = notKnown;
      patchedOn = patched;
      events.add(new PostureEvent.Judged(id, List.of(notKnown), patched, now));
    }
    assetKind = asset.kind();
    inService = serves;
    standings = after;
    judgedBy = rules.digest();
    dueAt = first(due);
    countsFrom = first(after.values().stream().map(Standing::countsFrom).toList());
    return events;
  }

  private LocalDate patched() {
    Known fact = facts.get("patchedOn");
    return fact == null ? null : LocalDate.parse(fact.value().textValue());
  }

  private PostureEvent restored(
      String rule, String policy, Reason reason, Standing before, Instant now) {
    long seconds = Math.max(0, Duration.between(before.since(), now).toSeconds());
    return new PostureEvent.Restored(id, rule, policy, reason, seconds, now);
  }

  private static Instant first(List<Instant> times) {
    return times.stream().filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
  }

  private Set<Integer> declared() {
    return new TreeSet<>(Arrays.asList(declaredPorts));
  }

  @Override
  public String kind() {
    return "posture";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  String assetKind() {
    return assetKind;
  }

  boolean isInService() {
    return inService;
  }

  Map<String, Known> facts() {
    return facts;
  }

  List<Integer> declaredPorts() {
    return List.copyOf(declared());
  }

  /** What breaks this rule; empty where nothing is known, null where it is not broken. */
  String found(String rule) {
    Standing standing = standings.get(rule);
    if (standing == null || !standing.isBroken()) {
      return null;
    }
    return standing.found() == null ? "" : standing.found();
  }

  /** By rule; empty while the asset is not in service. */
  Map<String, Standing> standings() {
    return standings;
  }

  /** When its first breach counts; null when it has none. */
  Instant countsFrom() {
    return countsFrom;
  }

  long version() {
    return version;
  }

  @Override
  public State state() {
    Map<String, Breach> breaches = new TreeMap<>();
    standings.forEach(
        (rule, standing) -> {
          if (standing.isBroken()) {
            breaches.put(
                rule, new Breach(standing.since(), standing.found(), standing.graceUntil()));
          }
        });
    return new State(
        assetKind, declaredPorts(), breaches, unknown == null ? null : List.of(unknown), patchedOn);
  }

  /**
   * What others may know of it. Of the facts there is the day of its patches alone: the others say
   * where a machine is weak, and change without an event.
   *
   * @param breaches by rule
   * @param unknown rules of which it cannot be said whether they are kept, as it was when the asset
   *     was last in service; null where it was not judged since this is told
   * @param patchedOn as it was when the asset was last in service; null where nothing was known
   */
  public record State(
      String assetKind,
      List<Integer> declaredPorts,
      Map<String, Breach> breaches,
      List<String> unknown,
      LocalDate patchedOn) {}

  public record Breach(Instant since, String found, Instant graceUntil) {}
}
